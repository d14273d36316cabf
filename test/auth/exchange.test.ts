import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { objectIdOf } from '../../emulator/callers.ts';
import type { OnBehalfOfOptions } from '../../src/auth/onBehalfOf.ts';
import {
  DEFENDER,
  OTHER_TENANT,
  PATIENT,
  startStage,
  TENANT,
  type Stage,
  type TokenOptions,
} from './setting.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.emulator.close());
beforeEach(() => stage.reset());

/** Someone who asks: each by a token of their own. */
async function personIn(
  subject: ReturnType<Stage['subject']>,
  name = 'alice',
  options: TokenOptions = {},
) {
  const token = await stage.token(options, name);
  const caller = await subject.authenticate(token);
  return { token, ask: (signal: AbortSignal = PATIENT) => caller.defenderToken(signal) };
}

async function alice(over: Partial<OnBehalfOfOptions> = {}, options: TokenOptions = {}) {
  const subject = stage.subject(over);
  return { ...subject, subject, ...(await personIn(subject, 'alice', options)) };
}

const exchanges = () => stage.emulator.ledger.exchanges;

describe('an exchange', () => {
  test('gives a token for Defender of the same person, with the permission asked for', async () => {
    const { ask } = await alice();
    expect(decodeJwt(await ask())).toMatchObject({
      aud: DEFENDER,
      appid: stage.emulator.application.clientId,
      oid: objectIdOf('alice'),
      tid: TENANT,
      scp: 'Machine.Read',
    });
    expect(exchanges().total).toBe(1);
    expect(stage.emulator.ledger.strays).toEqual([]);
  });

  test('is made in the verified tenant of each person', async () => {
    const { subject } = await alice({ allowedTenants: [TENANT, OTHER_TENANT] });
    const { ask } = await personIn(subject, 'olga');
    expect(decodeJwt(await ask())).toMatchObject({ tid: OTHER_TENANT, oid: objectIdOf('olga') });
    expect(exchanges().calls[0]?.path).toMatch(new RegExp(`^/${OTHER_TENANT}/`));
  });

  test('is one for 100 requests with one assertion at once', async () => {
    const { authenticate, token } = await alice();
    const requests = Array.from({ length: 100 }, async () =>
      (await authenticate(token)).defenderToken(new AbortController().signal),
    );
    expect(new Set(await Promise.all(requests)).size).toBe(1);
    expect(exchanges().total).toBe(1);
  });

  test('is its own for each person who asks at the same moment', async () => {
    const { subject } = await alice();
    const people = await Promise.all(
      ['alice', 'bob', 'carol'].map((name) => personIn(subject, name)),
    );
    const tokens = await Promise.all(people.map(({ ask }) => ask()));
    const oids = tokens.map((token) => decodeJwt(token)['oid']);
    expect(oids).toEqual(['alice', 'bob', 'carol'].map(objectIdOf));
  });

  test('is its own for each of two live tokens of one person, and neither evicts the other', async () => {
    const { ask, subject } = await alice();
    const renewed = await personIn(subject, 'alice', { claims: { uti: 'renewed' } });
    for (const again of [ask, renewed.ask, ask, renewed.ask]) await again();
    expect(exchanges().total).toBe(2);
  });

  test.each<[string, number, number, number]>([
    ['the end of the token', 1_800, 3_600, 1_740],
    ['the end of the assertion', 7_200, 3_600, 3_540],
  ])('is remembered until 60 seconds before %s', async (_, tokenSeconds, expiresInSeconds, end) => {
    stage.emulator.application.tokenSeconds = tokenSeconds;
    const { ask, clock } = await alice({}, { expiresInSeconds });
    await ask();
    clock.advance(end * 1000 - 1);
    await ask();
    expect(exchanges().total).toBe(1);
    clock.advance(1);
    await ask();
    expect(exchanges().total).toBe(2);
    stage.emulator.application.tokenSeconds = 3_600;
  });

  test('is not remembered when the answer names no life', async () => {
    const body = { token_type: 'Bearer', access_token: 'once' };
    stage.emulator.tokenFaults.always({}, { kind: 'status', status: 200, body });
    const { ask } = await alice();
    expect([await ask(), await ask()]).toEqual(['once', 'once']);
    expect(exchanges().total).toBe(2);
  });

  test('of the caller who has not asked for longest is forgotten when there are too many', async () => {
    const { ask, subject } = await alice({ rememberedCallers: 2 });
    await ask();
    for (const name of ['bob', 'carol']) await (await personIn(subject, name)).ask();
    await ask();
    expect(exchanges().byCaller).toEqual({ alice: 2, bob: 1, carol: 1 });
  });
});

describe('who waits', () => {
  test('can leave without failing the others', async () => {
    const held = stage.emulator.tokenFaults.next({}, { kind: 'held' });
    const { ask } = await alice();
    const leaving = new AbortController();
    const first = ask(leaving.signal);
    const second = ask();
    leaving.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    held.release();
    await expect(second).resolves.toMatch(/^ey/);
    expect(exchanges().total).toBe(1);
  });

  test('ends the exchange by leaving last, and the next one starts anew', async () => {
    stage.emulator.tokenFaults.next({}, { kind: 'hang' });
    const { ask } = await alice();
    const leaving = new AbortController();
    const only = ask(leaving.signal);
    await exchanges().arrived(1);
    leaving.abort(new Error('gone'));
    await expect(only).rejects.toThrow('gone');
    await expect(ask()).resolves.toMatch(/^ey/);
    await exchanges().abortedBy(1);
  });

  test('is told at once when already gone, without an exchange', async () => {
    const { ask } = await alice();
    await expect(ask(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(exchanges().total).toBe(0);
  });

  test.each([{ afterHeaders: false }, { afterHeaders: true }])(
    'waits no longer than the time limit ($afterHeaders)',
    async ({ afterHeaders }) => {
      stage.emulator.tokenFaults.next({}, { kind: 'hang', afterHeaders });
      const { ask, clock } = await alice();
      let ended = false;
      const waiting = ask().finally(() => (ended = true));
      waiting.catch(() => {});
      await exchanges().arrived(1);
      clock.advance(4_999);
      await new Promise(setImmediate);
      expect(ended).toBe(false);
      clock.advance(1);
      await expect(waiting).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
      await expect(ask()).resolves.toMatch(/^ey/);
    },
  );
});
