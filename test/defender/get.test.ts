import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Caller } from '../../src/auth/caller.ts';
import type { Attempted } from '../../src/defender/attempt.ts';
import { createGet } from '../../src/defender/get.ts';
import { Failure } from '../../src/errors.ts';
import { callerWith } from '../machines/sightings.ts';
import { openRoad, users, type Road } from '../road.ts';
import { strangerOn } from './strangers.ts';

const { signal } = new AbortController();

test('an answer that is not JSON leaves none of its text to an error or the log', async () => {
  const body = Buffer.from('{"value": contoso-dc-01}');
  const get = createGet(async () => ({ status: 200, headers: {}, body }));
  const failure: unknown = await get(callerWith('alice'), '/', signal).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
  expect(inspect(failure)).not.toContain('contoso');
});

describe('a claims challenge', () => {
  const challenged: Attempted = {
    status: 401,
    headers: { 'www-authenticate': 'Bearer error="insufficient_claims", claims="eyJhIjoxfQ=="' },
    body: Buffer.from(''),
  };
  const granted: Attempted = { status: 200, headers: {}, body: Buffer.from('{"value":[]}') };

  /** Gets once as a caller who can answer challenges with `answerChallenge`; tells the tokens that were used. */
  async function getAs(
    answers: readonly Attempted[],
    answerChallenge?: Caller['answerChallenge'],
  ): Promise<{ tokens: string[]; outcome: unknown }> {
    const tokens: string[] = [];
    const get = createGet(async (_caller, _path, token) => {
      tokens.push(token);
      return answers[tokens.length - 1] ?? granted;
    });
    const caller = { ...callerWith('alice'), ...(answerChallenge && { answerChallenge }) };
    const outcome = await get(caller, '/', signal).catch((error: unknown) => error);
    return { tokens, outcome };
  }

  test('is answered with a new token where the caller can get one', async () => {
    const { tokens, outcome } = await getAs([challenged], async (itsSignal, claims) => {
      expect([itsSignal, claims]).toEqual([signal, 'eyJhIjoxfQ==']);
      return 'renewed';
    });
    expect(tokens).toEqual(['alice', 'renewed']);
    expect(outcome).toEqual({ value: [] });
  });

  test('is answered once and then handed on: there is no loop', async () => {
    const { tokens, outcome } = await getAs([challenged, challenged], async () => 'renewed');
    expect(tokens).toEqual(['alice', 'renewed']);
    expect(outcome).toMatchObject({ code: 'UNAUTHENTICATED', details: { claims: 'eyJhIjoxfQ==' } });
  });

  test('that only the person can answer fails as that says', async () => {
    const failure = new Failure('UNAUTHENTICATED', 'Prove it.', { claims: 'eyJiIjoxfQ==' });
    const { tokens, outcome } = await getAs([challenged], () => Promise.reject(failure));
    expect(tokens).toEqual(['alice']);
    expect(outcome).toBe(failure);
  });

  test('goes to a client whose token this service only passes on', async () => {
    const { tokens, outcome } = await getAs([challenged]);
    expect(tokens).toEqual(['alice']);
    expect(outcome).toMatchObject({ code: 'UNAUTHENTICATED', details: { claims: 'eyJhIjoxfQ==' } });
  });
});

describe('over the whole road', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad({ DEFENDER_MAX_RESPONSE_MEGABYTES: '1' });
  });
  afterAll(() => road.close());
  beforeEach(() => {
    road.defender.faults.clear();
    road.defender.ledger.reset();
  });

  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on User { id machines { id } machineCount machinesFreshness { complete } }
    }
  }`;
  async function ask(...names: string[]) {
    return road.ask({ query, variables: users(...names), token: await strangerOn(road) });
  }
  const complete = { complete: true };

  test('a user whom Defender does not know has null without an error, one without devices an empty list', async () => {
    const { data, errors } = await ask('nobody-at-all', 'user2');
    expect(errors).toEqual([]);
    expect(data._entities).toEqual([
      { id: 'nobody-at-all', machines: null, machineCount: null, machinesFreshness: complete },
      { id: 'user2', machines: [], machineCount: 0, machinesFreshness: complete },
    ]);
    road.defender.faults.unknownUser = 'empty';
    expect((await ask('nobody-at-all')).data._entities[0].machines).toEqual([]);
  });

  test("a gateway's own 404 does not pass for users whom Defender does not know", async () => {
    const page = { kind: 'status', status: 404, body: '<html>no such page</html>' } as const;
    road.defender.faults.next({ user: 'user1' }, page);
    const { errors } = await ask('user1');
    expect(errors[0]).toMatchObject({ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } });

    for (const body of ['', { error: { code: 'NotFound' } }]) {
      road.defender.faults.next({ user: 'user1' }, { kind: 'status', status: 404, body });
      const unknown = await ask('user1');
      expect(unknown.errors).toEqual([]);
      expect(unknown.data._entities[0].machines).toBeNull();
    }
  });

  test('a device that is listed twice is shown once', async () => {
    const value = [{ id: 'a' }, { id: 'b' }, { id: 'a' }];
    road.defender.faults.next({}, { kind: 'status', status: 200, body: { value } });
    const { data } = await ask('user1');
    expect(data._entities[0]).toMatchObject({
      machines: [{ id: 'a' }, { id: 'b' }],
      machineCount: 2,
      machinesFreshness: complete,
    });
  });

  test("a body that is no list of devices is that user's failure alone", async () => {
    const shapes = ['noValue', 'valueNotAList', 'null'] as const;
    for (const shape of shapes) {
      road.defender.faults.next({ user: 'user1' }, { kind: 'wrongShape', shape });
      const { data, errors } = await ask('user1', 'user3');
      expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
        new Set(['UPSTREAM_INVALID_RESPONSE']),
      );
      expect(data._entities[0].machines).toBeNull();
      expect(data._entities[1].machines).not.toBeNull();
    }
    road.defender.faults.next({ user: 'user1' }, { kind: 'notJson', body: '<html>tell-nobody' });
    const { errors } = await ask('user1');
    expect(errors[0]).toMatchObject({ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } });
    expect(JSON.stringify(errors)).not.toContain('tell-nobody');
  });

  test('devices that can not be read are left out, and the list says that it is incomplete', async () => {
    for (const shape of ['machineWithoutId', 'machineNotAnObject'] as const) {
      road.defender.faults.next({}, { kind: 'wrongShape', shape });
      const { data, errors } = await ask('user1');
      expect(errors).toEqual([]);
      expect(data._entities[0]).toMatchObject({
        machines: [],
        machinesFreshness: { complete: false },
      });
    }
  });

  test('a packed answer is as good as a plain one, and a huge one is refused however it comes', async () => {
    const plain = await ask('user1');
    for (const encoding of ['gzip', 'deflate', 'deflate-raw'] as const) {
      road.defender.faults.next({}, { kind: 'packed', encoding });
      expect((await ask('user1')).data).toEqual(plain.data);
    }
    const bytes = 3 * 1_048_576;
    for (const fault of [
      { kind: 'huge', bytes } as const,
      { kind: 'huge', bytes, encoding: 'gzip' } as const,
    ]) {
      road.defender.faults.next({ user: 'user1' }, fault);
      const { data, errors } = await ask('user1', 'user3');
      expect(errors[0]).toMatchObject({ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } });
      expect(errors[0]?.message).toContain('DEFENDER_MAX_RESPONSE_MEGABYTES');
      expect(data._entities[1].machines).not.toBeNull();
    }
  });

  test('fifty calls at once and no more are made, over connections that are kept', async () => {
    // A caller whom Defender has never answered may hold a few calls only.
    const tokens = await Promise.all([1, 2, 3].map(() => strangerOn(road)));
    await Promise.all(tokens.map((token) => road.ask({ query, variables: users('user1'), token })));
    road.defender.ledger.reset();
    const held = road.defender.faults.always({}, { kind: 'held' });
    const thirty = users(...Array.from({ length: 30 }, (_, index) => `user${index + 2}`));
    const asking = tokens.map((token) => road.ask({ query, variables: thirty, token }));
    await road.defender.ledger.arrived(50);
    held.release();
    for (const { errors } of await Promise.all(asking)) expect(errors).toEqual([]);
    expect(road.defender.ledger.total).toBe(90);
    expect(road.defender.ledger.peakInFlight).toBe(50);
    expect(road.defender.ledger.connections).toBeLessThanOrEqual(50);

    held.remove();
    road.defender.ledger.reset();
    for (let round = 0; round < 5; round += 1) await ask('user1');
    expect(road.defender.ledger.total).toBe(5);
    expect(road.defender.ledger.connections).toBe(0);
  });
});
