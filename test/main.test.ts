import { afterEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { Processes } from './process/processes.ts';

const LANDING_PAGE = { accept: 'text/html' };
const processes = new Processes();
afterEach(() => processes.end());

const startListening = (env: Readonly<Record<string, string>>) =>
  processes.startListening({ DEFENDER_CLOUD: 'global', SHUTDOWN_GRACE_SECONDS: '0', ...env });

async function ask(url: string, query: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as {
    readonly data?: Readonly<Record<string, unknown>>;
    readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
  };
}

test('without configuration it says what is missing and how to try it, and ends', async () => {
  const { child, exited } = processes.start({ LOG_LEVEL: 'loud' });
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  expect(status).toBe(1);
  expect(out).toBe('');
  expect(err).toMatch(/^ {2}DEFENDER_CLOUD is missing and must be one of global, /m);
  expect(err).toMatch(/^ {2}LOG_LEVEL must be one of fatal, /m);
  expect(err).toContain('npm run demo');
  expect(err).not.toMatch(/^\s+at /m);
});

test('configured by environment alone it serves its graph, and ends well on SIGTERM', async () => {
  const { child, exited, url } = await startListening({});
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);

  const health = await fetch(new URL('/healthz', url));
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  const { data } = await ask(url, '{ _service { sdl } __schema { queryType { name } } }');
  expect(data).toEqual({
    _service: { sdl: expect.stringContaining('type User') },
    __schema: { queryType: { name: 'Query' } },
  });
  expect((await fetch(url, { headers: LANDING_PAGE })).status).toBe(200);

  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('in production it has neither introspection nor a landing page, but a router can read its schema', async () => {
  const { child, exited, url } = await startListening({
    NODE_ENV: 'production',
    USER_KEY: 'userPrincipalName',
  });
  const { data } = await ask(url, '{ _service { sdl } }');
  expect(data).toEqual({
    _service: { sdl: expect.stringContaining('@key(fields: "userPrincipalName")') },
  });
  const introspection = await ask(url, '{ __schema { queryType { name } } }');
  expect(introspection.data).toBeUndefined();
  expect(introspection.errors).toHaveLength(1);
  const page = await fetch(url, { headers: LANDING_PAGE });
  expect(page.status).toBe(400);
  expect(page.headers.get('content-type')).not.toContain('html');

  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
});

test('where it can not listen it says so and ends, also while it tries to reach Redis', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = Object(taken.address()) as { port: number };
  const { child, exited } = processes.start({
    DEFENDER_CLOUD: 'global',
    HOST: '127.0.0.1',
    PORT: String(port),
    REDIS_URL: 'redis://127.0.0.1:1',
    SHARED_CACHE_SECRET: 'secret'.repeat(8),
  });
  const [err, [status]] = await Promise.all([text(child.stderr), exited]);
  taken.close();
  expect(status).toBe(1);
  expect(err).toContain('EADDRINUSE');
});
