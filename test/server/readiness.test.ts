import { afterEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createReadiness, type ReadinessParts } from '../../src/server/readiness.ts';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';

function readiness(parts: Partial<ReadinessParts>) {
  const all = { now: () => 1_000, keySets: undefined, isRedisReady: undefined, ...parts };
  return createReadiness({ pausedUntil: async () => 0, sheddingMilliseconds: () => 0, ...all })();
}

function keySets(size: number, missing: number, fetchMissing = async () => {}) {
  return { size, missing: () => missing, fetchMissing };
}

describe('a process', () => {
  test('without anything to miss is ready', async () => {
    expect(await readiness({})).toEqual({ status: 'ok' });
  });

  test('with all that it needs is ready', async () => {
    const parts = {
      keySets: keySets(2, 0),
      isRedisReady: () => true,
      pausedUntil: async () => 1_000,
    };
    expect(await readiness(parts)).toEqual({ status: 'ok' });
  });

  test('without the keys of any tenant can let nobody in', async () => {
    expect(await readiness({ keySets: keySets(2, 2), isRedisReady: () => false })).toEqual({
      status: 'unready',
      reasons: [expect.stringContaining('No signing keys')],
    });
  });

  test('that lacks something others can do without is degraded, and names it', async () => {
    const parts = {
      keySets: keySets(2, 1),
      isRedisReady: () => false,
      pausedUntil: async () => 1_001,
    };
    expect(await readiness(parts)).toEqual({
      status: 'degraded',
      reasons: [
        'The signing keys of some tenants are missing',
        'Redis is out of reach',
        'Defender has asked for a pause',
      ],
    });
  });

  test('that sheds is degraded for half a minute, and then gives its requests to the others', async () => {
    expect(await readiness({ sheddingMilliseconds: () => 29_999 })).toEqual({
      status: 'degraded',
      reasons: [expect.stringContaining('new requests are refused')],
    });
    expect(await readiness({ sheddingMilliseconds: () => 30_000 })).toMatchObject({
      status: 'unready',
    });
  });

  test('fetches keys as long as some are missing', async () => {
    let fetches = 0;
    const count = async () => void (fetches += 1);
    await readiness({ keySets: keySets(2, 1, count) });
    expect(fetches).toBe(1);
    await readiness({ keySets: keySets(2, 0, count) });
    expect(fetches).toBe(1);
  });
});

describe('/readyz', () => {
  let road: Road;
  afterEach(() => road.close());

  const readyz = async () => {
    const response = await fetch(new URL('/readyz', road.url));
    return { code: response.status, ...((await response.json()) as object) };
  };
  const until = async (status: string) => {
    for (let look = 0; look < 200; look += 1) {
      const answer = await readyz();
      if ('status' in answer && answer.status === status) return answer;
      await sleep(10);
    }
    throw new Error(`It never became ${status}`);
  };

  test('is 503 until the signing keys have been fetched, and each probe tries again', async () => {
    road = await openRoad({ AUTH_MODE: 'on-behalf-of' }, {}, undefined, (defender) => {
      defender.keyFaults.always({}, { kind: 'status', status: 503 });
    });
    expect(await readyz()).toMatchObject({ code: 503, status: 'unready' });
    road.defender.keyFaults.clear();
    expect(await until('ok')).toEqual({ code: 200, status: 'ok' });
    const fetches = road.defender.ledger.keyFetches;
    await readyz();
    const { errors } = await road.ask({ query: ENTITIES, variables: users('user1'), as: 'alice' });
    expect(errors).toEqual([]);
    expect(road.defender.ledger.keyFetches).toBe(fetches);
  });

  test('is degraded, and takes requests, while Defender wants a pause', async () => {
    road = await openRoad();
    road.defender.faults.next({}, { kind: 'tooManyRequests', retryAfter: 30 });
    await road.ask({ query: ENTITIES, variables: users('user1'), as: 'alice' });
    expect(await readyz()).toEqual({
      code: 200,
      status: 'degraded',
      reasons: ['Defender has asked for a pause'],
    });
    road.clock.advance(31_000);
    expect(await readyz()).toEqual({ code: 200, status: 'ok' });
  });

  test('is 503 from the moment in which the server is to leave, while it answers all the same', async () => {
    road = await openRoad();
    const question = { query: ENTITIES, variables: users('user1'), as: 'alice' };
    expect((await road.ask(question)).headers.get('connection')).not.toBe('close');
    const leaving = road.leave(5_000);
    expect(await readyz()).toEqual({ code: 503, status: 'stopping' });
    const { status, errors, headers } = await road.ask(question);
    expect([status, errors, headers.get('connection')]).toEqual([200, [], 'close']);
    road.clock.advance(5_000);
    await leaving;
    await expect(readyz()).rejects.toThrow('fetch failed');
  });
});
