import { afterEach, describe, expect, test } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { cutSlowReaders, receiveOptions } from '../../src/server/slowClients.ts';
import { answerUnreadable } from '../../src/server/unreadable.ts';
import { RawClient } from './raw.ts';

const NEVER = 60_000;
const POST = 'POST / HTTP/1.1\r\nhost: here\r\n';
/** More than the system takes for a reader who does not read. */
const LARGE = 'x'.repeat(16_000_000);

let http: FastifyInstance;
/** The server's end of the connection that was opened last. */
let end: Socket;
afterEach(async () => {
  RawClient.endAll();
  await http.close();
});

/** A server that answers after so many milliseconds, with so much. */
async function start(
  given: Partial<Parameters<typeof receiveOptions>[0]>,
  answer: () => Promise<string> = async () => 'ok',
  now = () => performance.now(),
): Promise<string> {
  const limits = {
    headersMilliseconds: NEVER,
    requestMilliseconds: NEVER,
    sendMilliseconds: NEVER,
    checkMilliseconds: 20,
    ...given,
  };
  const { requestTimeout = 0, ...options } = receiveOptions(limits);
  http = fastify({
    requestTimeout,
    http: options,
    bodyLimit: 1_000_000,
    clientErrorHandler: answerUnreadable,
    forceCloseConnections: true,
  });
  http.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  http.post('/', answer);
  cutSlowReaders(http, limits, now);
  http.server.on('connection', (socket) => (end = socket));
  return http.listen({ host: '127.0.0.1', port: 0 });
}

describe('a client is let go with 408', () => {
  test('who opens a connection and says nothing', async () => {
    const client = await RawClient.connect(await start({ headersMilliseconds: 100 }));
    expect(await client.readToEnd()).toMatch(/^HTTP\/1.1 408 /);
  });

  test('who sends headers one after the other, without end', async () => {
    const client = await RawClient.connect(await start({ headersMilliseconds: 200 }), POST);
    const more = setInterval(() => client.socket.write('x-more: 1\r\n'), 10);
    const text = await client.readToEnd();
    clearInterval(more);
    expect(text).toMatch(/^HTTP\/1.1 408 /);
    expect(text).toContain('did not come to its end in time');
  });

  test('who sends a body byte by byte', async () => {
    const url = await start({ requestMilliseconds: 200 });
    const client = await RawClient.connect(url, `${POST}content-length: 100000\r\n\r\n`);
    const more = setInterval(() => client.socket.write('x'), 10);
    const text = await client.readToEnd();
    clearInterval(more);
    expect(text).toMatch(/^HTTP\/1.1 408 /);
  });

  test('and the next request on a connection has its own time', async () => {
    const url = await start({ headersMilliseconds: 900, requestMilliseconds: 900 });
    const client = (await RawClient.connect(url)).read();
    for (let request = 1; request <= 4; request += 1) {
      client.socket.write(`${POST}content-length: 2\r\n\r\nhi`);
      while (client.text.split('200 OK').length <= request) await once(client.socket, 'data');
      await sleep(300);
    }
    client.socket.write(POST);
    expect(await client.readToEnd()).toMatch(/408 Request Timeout/);
  });
});

test('headers are read up to 16 KiB', async () => {
  const url = await start({});
  const take = async (bytes: number) => {
    const text = `${POST}x-long: ${'x'.repeat(bytes)}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
    return (await RawClient.connect(url, text)).readToEnd();
  };
  expect(await take(15_000)).toMatch(/^HTTP\/1.1 200 /);
  expect(await take(16_500)).toMatch(/^HTTP\/1.1 431 /);
});

describe('an answer', () => {
  const ASK = `${POST}content-length: 0\r\n\r\n`;

  test('that nobody reads is let go, and its connection with it', async () => {
    const client = await RawClient.connect(
      await start({ sendMilliseconds: 150 }, async () => LARGE),
      ASK,
    );
    await until(() => end.destroyed);
    expect((await client.readToEnd()).length).toBeLessThan(LARGE.length);
  });

  test('that is read drop by drop is not put off by each drop', async () => {
    const url = await start({ sendMilliseconds: 200 }, async () => LARGE);
    const client = await RawClient.connect(url, ASK);
    let bytes = 0;
    const drops = setInterval(() => {
      const chunk = client.socket.read(16_384) as Buffer | null;
      bytes += chunk?.byteLength ?? 0;
    }, 20);
    await until(() => end.destroyed);
    clearInterval(drops);
    expect(bytes).toBeGreaterThan(32_768);
  });

  test('that is waited for longer than it may be read is not cut', async () => {
    const url = await start({ sendMilliseconds: 50 }, async () => {
      await sleep(300);
      return 'late';
    });
    const client = (await RawClient.connect(url, ASK)).read();
    await until(() => client.text.endsWith('late'));
    expect(client.text).toMatch(/^HTTP\/1.1 200 /);
  });

  test('after the other, each taken in time, may take longer together', async () => {
    let at = 0;
    const url = await start(
      { sendMilliseconds: 400, checkMilliseconds: 5 },
      async () => LARGE,
      () => at,
    );
    const asked = 8;
    const client = await RawClient.connect(url, ASK.repeat(asked));
    let bytes = 0;
    let rests = 0;
    client.socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (Math.floor(bytes / LARGE.length) === rests) return;
      rests += 1;
      at += 150;
      client.socket.pause();
      setTimeout(() => client.socket.resume(), 50);
    });
    await until(() => rests === asked);
    expect(end.destroyed).toBe(false);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  for (let look = 0; look < 2_000 && !isSo(); look += 1) await sleep(5);
  expect(isSo()).toBe(true);
}
