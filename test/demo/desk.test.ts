import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MODES, openDesk, type Desk } from '../../demo/desk.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';

let defender: Emulator;
let desk: Desk;

beforeAll(async () => {
  defender = await startEmulator();
  const roadOf = (mode: string) => ({
    defender,
    gateway: `http://127.0.0.1/${mode}/`,
    machines: `http://127.0.0.1/${mode}/graphql`,
  });
  const tokensOf = (mode: string) => new Map([['alice', `the token of ${mode}`]]);
  const [forward, onBehalfOf] = MODES;
  desk = await openDesk({
    roads: { [forward]: roadOf(forward), [onBehalfOf]: roadOf(onBehalfOf) },
    tokens: { [forward]: tokensOf(forward), [onBehalfOf]: tokensOf(onBehalfOf) },
  });
});
afterAll(async () => {
  await desk.close();
  await defender.close();
});

const get = (path: string) => fetch(`${desk.url}${path}`, { redirect: 'manual' });

test.each([
  ['', ''],
  ['/subgraph', 'graphql'],
])('an address leads to GraphiQL with a token that no server sees: %s', async (path, place) => {
  for (const mode of MODES) {
    const answer = await get(`/${mode}/alice${path}`);
    expect(answer.status).toBe(302);
    const { pathname, search, hash } = new URL(answer.headers.get('location') ?? '');
    expect({ pathname, search }).toEqual({ pathname: `/${mode}/${place}`, search: '' });
    expect(Object.fromEntries(new URLSearchParams(hash.slice(1)))).toEqual({
      token: `the token of ${mode}`,
      as: 'alice',
    });
  }
});

test('a token is there for a shell, and is not kept on the way', async () => {
  const answer = await get('/on-behalf-of/alice/token');
  expect(await answer.text()).toBe('the token of on-behalf-of');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  // So that no page of another site reads it.
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test('who asks for something else is told what there is', async () => {
  const answer = await get('/forward/mallory');
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('/forward/alice/token');
});
