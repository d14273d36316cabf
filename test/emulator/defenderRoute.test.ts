import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startEmulator } from '../../emulator/emulator.ts';
import type { Emulator } from '../../emulator/emulator.ts';

const machineList = z.object({ value: z.array(z.object({ id: z.string() })) });
let emulator: Emulator;
let now = Date.UTC(2026, 10, 24);

beforeAll(async () => {
  emulator = await startEmulator({ now: () => now });
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.windows.reset();
  emulator.ledger.reset();
});
afterAll(() => emulator.close());

async function ask(user: string, token?: string): Promise<Response> {
  return fetch(`${emulator.url}/api/users/${user}/machines`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
}

async function ids(response: Response): Promise<string[]> {
  return machineList.parse(await response.json()).value.map(({ id }) => id);
}

describe('the machines of a user', () => {
  test('are those that the caller may see through device groups', async () => {
    for (const caller of ['alice', 'bob', 'carol', 'reporter']) {
      const response = await ask('user1', await emulator.issuer.defenderToken(caller));
      expect(response.status).toBe(200);
      const visible = emulator.visibleTo(caller, 'user1')?.map(({ id }) => id);
      expect(await ids(response)).toEqual(visible);
    }
    const count = (caller: string) => emulator.visibleTo(caller, 'user1')?.length;
    expect([count('alice'), count('bob'), count('carol')]).toEqual([3, 3, 9]);
    expect(emulator.ledger.byCaller).toEqual({ alice: 1, bob: 1, carol: 1, reporter: 1 });
    expect(emulator.ledger.byUser).toEqual({ user1: 4 });
    expect(emulator.ledger.byStatus).toEqual({ 200: 4 });
  });

  test('change with the groups of the caller, also for a token that is already out', async () => {
    emulator.callers.add({ name: 'erin', groups: [], viewData: true });
    const token = await emulator.issuer.defenderToken('erin');
    expect(await ids(await ask('user1', token))).toEqual([]);
    emulator.callers.setGroups('erin', [0, 8]);
    expect(await ids(await ask('user1', token))).toHaveLength(2);
    emulator.callers.change('erin', { viewData: false });
    expect((await ask('user1', token)).status).toBe(403);
  });

  test('are found whatever the letter case, and however the segment is encoded', async () => {
    const token = await emulator.issuer.defenderToken('carol');
    const user = emulator.estate.users.find(({ accountName }) => accountName.includes("O'Brien"));
    const name = user?.accountName ?? '';
    const response = await ask(encodeURIComponent(name.toUpperCase()).replace("'", '%27'), token);
    expect(await ids(response)).toEqual(emulator.estate.machinesOf(name)?.map(({ id }) => id));
  });

  test.each(['nobody', 'user1@contoso.com', 'CONTOSO%5Cuser1', 'user1%2F..', '%E0%A4%A'])(
    'are unknown for %s: 404, or an empty list if so told',
    async (name) => {
      const token = await emulator.issuer.defenderToken('carol');
      const missing = await ask(name, token);
      expect(missing.status).toBe(404);
      expect(await missing.json()).toMatchObject({ error: { code: 'ResourceNotFound' } });
      emulator.faults.unknownUser = 'empty';
      expect(await ids(await ask(name, token))).toEqual([]);
    },
  );
});

describe('a token', () => {
  test('that is missing, malformed, expired or not yet valid is 401 and costs no budget', async () => {
    const expired = await emulator.issuer.defenderToken('carol', { expiresInSeconds: -1 });
    const future = await emulator.issuer.defenderToken('carol', {
      claims: { nbf: now / 1000 + 60 },
    });
    const [header, payload] = expired.split('.');
    for (const token of [undefined, 'x', `${header}.${payload}.AAAA`, expired, future]) {
      const response = await ask('user1', token);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'Unauthorized' } });
    }
    expect(emulator.ledger.byCaller).toEqual({ unverified: 5 });
    const token = await emulator.issuer.defenderToken('carol');
    for (let call = 0; call < 100; call += 1) expect((await ask('user2', token)).status).toBe(200);
    expect((await ask('user2', token)).status).toBe(429);
  });

  test('for another audience, without a permission or without "View Data" is 403', async () => {
    const { issuer } = emulator;
    const tokens = [
      await issuer.defenderToken('carol', { audience: 'https://graph.microsoft.com' }),
      await issuer.defenderToken('carol', { claims: { scp: 'Alert.Read' } }),
      await issuer.defenderToken('dave'),
    ];
    for (const token of tokens) {
      const response = await ask('user1', token);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: 'Forbidden' } });
    }
  });

  test('dies with a key that is retired, and lives on after a rotation that keeps it', async () => {
    const token = await emulator.issuer.defenderToken('carol');
    await emulator.issuer.rotate();
    expect((await ask('user1', token)).status).toBe(200);
    await emulator.issuer.rotate({ retireOld: true });
    expect((await ask('user1', token)).status).toBe(401);
    const renewed = await emulator.issuer.defenderToken('carol');
    expect((await ask('user1', renewed)).status).toBe(200);
  });
});

describe('the rate windows', () => {
  test('refuse the 101st call of a minute, tell when to come back, and count who comes too early', async () => {
    const token = await emulator.issuer.defenderToken('alice');
    for (let call = 0; call < 100; call += 1) await ask('user2', token);
    now += 12_300;
    const refused = await ask('user2', token);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('48');
    expect(await refused.json()).toMatchObject({
      error: {
        code: 'TooManyRequests',
        message: expect.stringContaining('maximum allowed 100 per 00:01:00'),
      },
    });
    expect(emulator.ledger.tooEarly).toBe(0);
    now += 47_900;
    const early = await ask('user2', await emulator.issuer.defenderToken('bob'));
    expect([early.status, early.headers.get('retry-after')]).toEqual([429, '1']);
    expect(emulator.ledger.tooEarly).toBe(1);
    now += 100;
    expect((await ask('user2', token)).status).toBe(200);
  });

  test('of another application are untouched', async () => {
    const token = await emulator.issuer.defenderToken('alice');
    for (let call = 0; call < 101; call += 1) await ask('user2', token);
    const other = await emulator.issuer.defenderToken('alice', { claims: { appid: 'other' } });
    expect((await ask('user2', other)).status).toBe(200);
  });
});

test('a request to any other path or by any other method is a stray', async () => {
  await fetch(`${emulator.url}/api/machines`);
  await fetch(`${emulator.url}/api/users/a/b/machines`);
  await fetch(`${emulator.url}/api/users/user1/machines`, { method: 'POST' });
  expect(emulator.ledger.strays).toHaveLength(3);
  expect(emulator.ledger.total).toBe(0);
});
