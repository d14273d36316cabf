import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Pool } from 'undici';
import { receive } from '../../src/defender/receive.ts';

/** How the server answers; a test sets it. */
let answer: (response: ServerResponse) => void;
let requests = 0;
const server = createServer((_request, response) => {
  requests += 1;
  answer(response);
});
let pool: Pool;

beforeEach(async () => {
  requests = 0;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 1 });
});
afterEach(async () => {
  await pool.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

function receiving() {
  const tooLarge = () => new Error('too large');
  return receive(pool, { method: 'GET', path: '/' }, { maxBytes: 1_000, tooLarge });
}

test('what comes ahead of an answer is not the answer', async () => {
  answer = (response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.writeHead(403, { 'x-one': 'y' });
    response.end('text');
  };
  expect(await receiving().answer).toMatchObject({
    status: 403,
    headers: { 'x-one': 'y' },
    body: Buffer.from('text'),
  });
});

test('a request that is stopped before there is a connection is not sent', async () => {
  answer = (response) => response.end();
  const request = receiving();
  const reason = new Error('gone');
  request.stop(reason);
  await expect(request.answer).rejects.toBe(reason);
  await pool.close();
  expect(requests).toBe(0);
});

test('a request that is stopped lasts until the pool lets go of it, so that no more are under way than one knows', async () => {
  let finish = () => {};
  const arrived = new Promise<void>((resolve) => {
    answer = (response) => {
      finish = () => response.end('{}');
      resolve();
    };
  });
  const first = receiving();
  await arrived;
  const second = receiving();
  let isOver = false;
  second.answer.catch(() => {
    isOver = true;
  });
  const reason = new Error('gone');
  second.stop(reason);
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
  expect(isOver).toBe(false);
  finish();
  expect((await first.answer).status).toBe(200);
  await expect(second.answer).rejects.toBe(reason);
  expect(requests).toBe(1);
});
