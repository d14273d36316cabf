import type { ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Milliseconds. */
export interface SlowClientLimits {
  /** For a connection's first byte, and from there to the last of a request's headers. */
  readonly headersMilliseconds: number;
  /** From the first byte of a request to its last. */
  readonly requestMilliseconds: number;
  /** From when an answer is ready to when all of it is taken. */
  readonly sendMilliseconds: number;
  /** How often all that is looked at. */
  readonly checkMilliseconds: number;
}

/** Bytes, as Node has it unless its command line says otherwise. A token of Entra with many groups has half of it. */
const MAX_HEADER_SIZE = 16_384;

/** For Node's server, which looks every 30 seconds unless it is told. */
export function receiveOptions(limits: SlowClientLimits): ServerOptions {
  const { headersMilliseconds, requestMilliseconds, checkMilliseconds } = limits;
  return {
    headersTimeout: Math.min(headersMilliseconds, requestMilliseconds),
    requestTimeout: requestMilliseconds,
    connectionsCheckingInterval: checkMilliseconds,
    maxHeaderSize: MAX_HEADER_SIZE,
  };
}

/** What was to be sent when somebody looked. */
interface Waiting {
  readonly since: number;
  /** Bytes since the connection was opened. */
  readonly upTo: number;
}

/**
 * Ends the connection of who does not take an answer in time: what is not taken is memory of this process. A socket's own
 * timeout would not do, since it can't tell who does not read from who waits for Defender, and is put off by each byte
 * that is taken. Looks at connections, which are few: a listener for each answer costs a cached one three microseconds.
 * `now` tells milliseconds, and is never set back.
 */
export function cutSlowReaders(
  http: FastifyInstance,
  { sendMilliseconds, checkMilliseconds }: SlowClientLimits,
  now: () => number,
): void {
  const open = new Map<Socket, Waiting | undefined>();
  http.server.on('connection', (socket) => {
    open.set(socket, undefined);
    socket.once('close', () => open.delete(socket));
  });

  const look = () => {
    const at = now();
    for (const [socket, waiting] of open) {
      const { writableLength, bytesWritten } = socket;
      const isAnotherAnswer = waiting && bytesWritten - writableLength >= waiting.upTo;
      if (writableLength === 0) open.set(socket, undefined);
      else if (!waiting || isAnotherAnswer) open.set(socket, { since: at, upTo: bytesWritten });
      else if (at - waiting.since >= sendMilliseconds) socket.destroy();
    }
  };
  const timer = setInterval(look, checkMilliseconds).unref();
  http.addHook('onClose', (_http, done) => {
    clearInterval(timer);
    done();
  });
}
