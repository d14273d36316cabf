import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { whenClosed } from '../../src/telemetry/whenClosed.ts';

const REQUEST = 'GET / HTTP/1.1\r\nhost: here\r\n\r\n';

test('a client that goes ends its answers, also those that wait behind another one', async () => {
  const events = new EventEmitter();
  let asked = 0;
  let closed = 0;
  const server = createServer((_request, response) => {
    whenClosed(response, () => {
      closed += 1;
      if (closed === 3) events.emit('allClosed');
    });
    asked += 1;
    if (asked === 3) events.emit('allAsked');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const allAsked = once(events, 'allAsked');
  const allClosed = once(events, 'allClosed');
  socket.write(REQUEST.repeat(3));
  await allAsked;
  socket.destroy();
  await allClosed;
  server.close();
  expect(closed).toBe(3);
});

test('an answer that is sent ends once', async () => {
  let closed = 0;
  const server = createServer((_request, response) => {
    whenClosed(response, () => (closed += 1));
    response.end('answer');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(REQUEST.repeat(2) + REQUEST.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'));
  socket.resume();
  await once(socket, 'close');
  server.close();
  expect(closed).toBe(3);
});
