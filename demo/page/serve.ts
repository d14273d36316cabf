import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { z } from 'zod';
import type { Emulator } from '../../emulator/emulator.ts';
import { isPageCaller, pageCallers, tokenFor } from './callers.ts';
import { filesOf } from './files.ts';
import { play, SCENES } from './scenes.ts';

export interface ServeOptions {
  readonly defender: Emulator;
  /** Where the supergraph is asked. */
  readonly gateway: string;
  /** The built page. */
  readonly folder: string;
}

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** What of a request and of its answer passes between the page and the gateway. */
const PASSED_ON = ['authorization', 'x-defender-priority'] as const;
const PASSED_BACK = ['content-type', 'cache-control'] as const;
const MEBIBYTE = 1_048_576;

const caller = z.string().refine(isPageCaller);
const wantedToken = z.object({ caller, claims: z.string().optional() });
const wantedScene = z.object({ caller, scene: z.enum(SCENES) });

/**
 * The page, the supergraph and the demo's tokens on one origin, on 127.0.0.1. The tokens are the emulator's: no real
 * service hands out any like this.
 */
export async function servePage({ defender, gateway, folder }: ServeOptions) {
  const files = filesOf(folder);
  const http = fastify({ bodyLimit: MEBIBYTE, forceCloseConnections: true });
  const own = new Set<string>();

  // A foreign page that points its own name to this address must not read tokens here.
  http.addHook('onRequest', async ({ headers: { host } }, reply) => {
    reply.headers(HEADERS);
    return host !== undefined && own.has(host) ? undefined : reply.code(421).send();
  });
  http.get('/demo/callers', async () => pageCallers(defender));
  http.post('/demo/tokens', async ({ body }, reply) => {
    reply.header('cache-control', 'no-store');
    const { data } = wantedToken.safeParse(body);
    if (!data) return reply.code(400).send({ error: 'No such caller' });
    return { token: await tokenFor(defender, data.caller, data.claims) };
  });
  http.post('/demo/scenes', async ({ body }, reply) => {
    const { data } = wantedScene.safeParse(body);
    if (!data) return reply.code(400).send({ error: 'No such caller or scene' });
    play(defender, data.scene, data.caller);
    return reply.code(204).send();
  });
  http.post('/graphql', async ({ body, headers }, reply) => {
    const passed = new Headers({ 'content-type': 'application/json', accept: 'application/json' });
    for (const name of PASSED_ON) {
      const value = headers[name];
      if (typeof value === 'string') passed.set(name, value);
    }
    const answer = await fetch(gateway, {
      method: 'POST',
      headers: passed,
      body: JSON.stringify(body),
    });
    for (const name of PASSED_BACK) {
      const value = answer.headers.get(name);
      if (value !== null) reply.header(name, value);
    }
    return reply.code(answer.status).send(await answer.text());
  });
  http.get('/*', async ({ url }, reply) => {
    const [path = '/'] = url.split('?');
    const file = files.get(path === '/' ? '/index.html' : path);
    if (!file) return reply.code(404).send({ error: 'Not found' });
    const isHashed = path.startsWith('/assets/');
    reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    return reply.type(file.type).send(file.body);
  });

  await http.listen({ host: '127.0.0.1', port: 0 });
  const { port } = http.server.address() as AddressInfo;
  for (const name of ['127.0.0.1', 'localhost']) own.add(`${name}:${port}`);
  return { url: `http://127.0.0.1:${port}/`, close: () => http.close() };
}
