import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../emulator/faults.ts';
import { PATIENT, startStage, type Stage } from './setting.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.emulator.close());
beforeEach(() => stage.reset());

const outage = { code: 'UPSTREAM_UNAVAILABLE' };
const endless = 'x'.repeat(1_100_000);
const status = (number: number, body?: unknown, headers = {}): Fault => ({
  kind: 'status',
  status: number,
  headers,
  ...(body === undefined ? {} : { body }),
});

describe('when the token endpoint can not answer', () => {
  const failing: [string, Fault][] = [
    ['429 with an error', { kind: 'tooManyRequests', retryAfter: 30 }],
    ['429 without an error', status(429, {})],
    ['500 with an error that looks like a refusal', status(500, { error: 'invalid_grant' })],
    ['503 with an error', status(503)],
    ['503 without an error', status(503, {})],
    ['503 that is not JSON', status(503, '<html>')],
    ['a reset connection', { kind: 'reset' }],
    ['an answer that is cut', { kind: 'truncated' }],
    ['200 without a token', status(200, {})],
    ['200 with an empty token', status(200, { access_token: '', expires_in: 3_600 })],
    ['200 that is not JSON', { kind: 'notJson' }],
    ['200 with null', { kind: 'wrongShape', shape: 'null' }],
    ['200 without end', status(200, { access_token: 'x', expires_in: 3_600, endless })],
    ['400 without an error', status(400, {})],
    ['400 that will pass', status(400, { error: 'temporarily_unavailable', error_codes: [90033] })],
    ['a redirect', status(307, '', { location: 'http://127.0.0.1:9/' })],
  ];

  test.each(failing)('%s is UPSTREAM_UNAVAILABLE, and not remembered', async (_, fault) => {
    const failure = stage.emulator.tokenFaults.always({}, fault);
    const caller = await stage.subject().authenticate(await stage.token());
    await expect(caller.defenderToken(PATIENT)).rejects.toMatchObject(outage);
    failure.remove();
    const before = stage.emulator.ledger.exchanges.total;
    await expect(caller.defenderToken(PATIENT)).resolves.toMatch(/^ey/);
    expect(stage.emulator.ledger.exchanges.total).toBe(before + 1);
  });

  test('a connection that breaks once is no outage: the exchange is asked for again', async () => {
    stage.emulator.tokenFaults.next({}, { kind: 'reset' });
    const caller = await stage.subject().authenticate(await stage.token());
    await expect(caller.defenderToken(PATIENT)).resolves.toMatch(/^ey/);
    expect(stage.emulator.ledger.exchanges.total).toBe(2);
  });

  test.each(failing)('%s for one person fails none of the others', async (_, fault) => {
    const { authenticate } = stage.subject();
    const askers = ['alice', 'bob', 'carol', 'dave'].map(async (name) =>
      authenticate(await stage.token({}, name)),
    );
    const [alice, ...others] = await Promise.all(askers);
    stage.emulator.tokenFaults.always({ caller: 'alice' }, fault);
    await expect(alice?.defenderToken(PATIENT)).rejects.toMatchObject(outage);
    const asked = [alice, ...others].map(async (caller) => caller?.defenderToken(PATIENT));
    const outcomes = (await Promise.allSettled(asked)).map((outcome) => outcome.status);
    expect(outcomes).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  });

  test('a 429 says in whole seconds when to ask again', async () => {
    stage.emulator.tokenFaults.next({}, { kind: 'tooManyRequests', retryAfter: 1.5 });
    const caller = await stage.subject().authenticate(await stage.token());
    const attempt = caller.defenderToken(PATIENT);
    await expect(attempt).rejects.toMatchObject({ ...outage, details: { retryAfterSeconds: 2 } });
  });
});
