import type { ServerResponse } from 'node:http';

/**
 * Calls back once: when the answer is sent, or its client has gone. An answer that waits on its connection behind another
 * one is told of neither by Node, so for that one the connection itself is listened to.
 */
export function whenClosed(response: ServerResponse, callback: () => void): void {
  if (response.socket) response.once('close', callback);
  else whenEitherCloses(response, callback);
}

function whenEitherCloses(response: ServerResponse, callback: () => void): void {
  const { socket } = response.req;
  let isOver = false;
  const over = () => {
    if (isOver) return;
    isOver = true;
    socket.off('close', over);
    callback();
  };
  response.once('close', over);
  // As many as are sent at once on one connection.
  socket.setMaxListeners(0).once('close', over);
  if (socket.destroyed) setImmediate(over);
}
