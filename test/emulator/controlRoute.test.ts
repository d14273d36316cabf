import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { startEmulator } from '../../emulator/emulator.ts';
import type { Emulator } from '../../emulator/emulator.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

function control(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${emulator.url}/emulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function tokenOf(wanted: object): Promise<string> {
  const response = await control('POST', 'tokens', wanted);
  return z.object({ token: z.string() }).parse(await response.json()).token;
}

async function ask(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${emulator.url}/api/users/user1/machines`, { headers })).status;
}

test('anyone can get a token, script a fault and read the ledger over HTTP', async () => {
  const token = await tokenOf({ caller: 'alice' });
  const scripted = await control('POST', 'faults', {
    match: { user: 'user1' },
    fault: { kind: 'status', status: 503 },
  });
  expect(scripted.status).toBe(201);
  expect([await ask(token), await ask(token)]).toEqual([503, 200]);
  const ledger = await (await control('GET', 'calls')).json();
  expect(ledger).toMatchObject({
    total: 2,
    byCaller: { alice: 2 },
    byStatus: { 200: 1, 503: 1 },
    exchanges: { total: 0 },
  });
  expect(await (await control('DELETE', 'calls')).json()).toMatchObject({ total: 0, strays: [] });
});

test('faults can be taken back over HTTP', async () => {
  const fault = { kind: 'status', status: 500 };
  await control('POST', 'faults', { match: { times: 'always' }, fault });
  const token = await tokenOf({ caller: 'alice' });
  expect(await ask(token)).toBe(500);
  await control('DELETE', 'faults');
  expect(await ask(token)).toBe(200);
});

test('a token for the service can be had too', async () => {
  const token = await tokenOf({ caller: 'bob', audience: 'service', expiresInSeconds: 60 });
  expect(decodeJwt(token).aud).toBe(emulator.application.clientId);
});

test.each([
  ['faults', { fault: { kind: 'unheard-of' } }, 'kind'],
  ['tokens', { caller: 'mallory' }, 'Unknown caller mallory; known are alice, bob'],
])('a wrong request to %s is told what is wrong', async (path, body, message) => {
  const response = await control('POST', path, body);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: expect.stringContaining(message) });
});
