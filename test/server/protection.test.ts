import { afterEach, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { loadConfig } from '../../src/config.ts';
import { createProtection } from '../../src/server/protection.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { noMeter } from '../../src/telemetry/metrics.ts';
import { RawClient } from './raw.ts';

let http: FastifyInstance;
afterEach(async () => {
  RawClient.endAll();
  await http.close();
});

function start(env: Readonly<Record<string, string>> = {}): FastifyInstance {
  const config = loadConfig({ DEFENDER_CLOUD: 'global', ...env });
  http = createProtection(config, createLog('silent'), noMeter).createHttp((next) => next);
  http.get('/', async () => 'ok');
  return http;
}

test('headers have ten seconds, and all that is sent the time of a request', () => {
  const { headersTimeout, requestTimeout } = start().server;
  expect([headersTimeout, requestTimeout]).toEqual([10_000, 25_000]);
});

test('nothing has more time than a request as a whole', async () => {
  const { headersTimeout, requestTimeout } = start({ REQUEST_DEADLINE_SECONDS: '5' }).server;
  expect([headersTimeout, requestTimeout]).toEqual([5_000, 5_000]);
});

test('an idle connection is kept longer than load balancers keep theirs', () => {
  expect(start().server.keepAliveTimeout).toBeGreaterThan(60_000);
});

test('more connections than there may be are closed, unanswered', async () => {
  const url = await start({ MAX_CONNECTIONS: '2' }).listen({ host: '127.0.0.1', port: 0 });
  const ask = 'GET / HTTP/1.1\r\nhost: here\r\n\r\n';
  const [one, two] = [await RawClient.connect(url), await RawClient.connect(url)];
  expect(await (await RawClient.connect(url, ask)).readToEnd()).toBe('');
  one.socket.destroy();
  two.socket.end('GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n');
  expect(await two.readToEnd()).toMatch(/^HTTP\/1.1 200 /);
});
