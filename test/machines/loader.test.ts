import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/errors.ts';
import { createLoader } from '../../src/machines/loader.ts';
import type { MachinesOfUser, Sighting } from '../../src/machines/sighting.ts';
import { userNameFrom } from '../../src/machines/userName.ts';
import { callerWith, deferred, sightingAt, USER_1, USER_2 } from './sightings.ts';

const { signal } = new AbortController();
const noneSeen = () => false;
const alice = Promise.resolve(callerWith('alice'));

describe('the loader of a request', () => {
  test('asks once for each user, however often and in however many ticks the user is named', async () => {
    const asked: string[] = [];
    const loader = createLoader(
      async (caller, userName, itsSignal) => {
        expect([caller.partition, itsSignal]).toEqual(['alice', signal]);
        asked.push(userName);
        return sightingAt(0, [userName]);
      },
      noneSeen,
      alice,
      signal,
    );
    const [one, other] = await Promise.all([loader.load(USER_1), loader.load(USER_1)]);
    await loader.load(USER_2);
    expect(await loader.load(USER_1)).toBe(one);
    expect(other).toBe(one);
    expect(asked).toEqual(['user1', 'user2']);
  });

  test('keeps a failure to the user it belongs to', async () => {
    const failure = new Failure('RATE_LIMITED', 'Wait.');
    const loader = createLoader(
      async (_caller, userName) => {
        if (userName === USER_1) throw failure;
        return sightingAt(0);
      },
      noneSeen,
      alice,
      signal,
    );
    const [one, other] = await Promise.allSettled([loader.load(USER_1), loader.load(USER_2)]);
    expect(one).toEqual({ status: 'rejected', reason: failure });
    expect(other.status).toBe('fulfilled');
  });

  test('fails each user of a caller who can not be made out, and asks for none', async () => {
    const failure = new Failure('UNAUTHENTICATED', 'Sign in.');
    let asked = 0;
    const caller = Promise.reject(failure);
    caller.catch(() => {});
    const loader = createLoader(
      async () => {
        asked += 1;
        return sightingAt(0);
      },
      noneSeen,
      caller,
      signal,
    );
    const results = await Promise.allSettled([loader.load(USER_1), loader.load(USER_2)]);
    expect(results).toEqual([
      { status: 'rejected', reason: failure },
      { status: 'rejected', reason: failure },
    ]);
    expect(asked).toBe(0);
  });

  test('fails its user also where what is thrown is no error, or is thrown at once', async () => {
    const throwing: MachinesOfUser = (_caller, userName) => {
      if (userName === USER_1) throw new Failure('FORBIDDEN', 'No.');
      // oxlint-disable-next-line prefer-promise-reject-errors, only-throw-error
      return Promise.reject('a text');
    };
    const loader = createLoader(throwing, noneSeen, alice, signal);
    const results = await Promise.allSettled([loader.load(USER_1), loader.load(USER_2)]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'FORBIDDEN' } },
      { status: 'rejected', reason: { cause: 'a text' } },
    ]);
  });

  test('gives all answers when all are there, and keeps them', async () => {
    const slow = deferred<Sighting>();
    const loader = createLoader(
      async (_caller, userName) => (userName === USER_1 ? slow.promise : sightingAt(0, [userName])),
      noneSeen,
      alice,
      signal,
    );
    let given = 0;
    const loading = [USER_1, USER_2].map(async (userName) => {
      const sighting = await loader.load(userName);
      given += 1;
      return sighting;
    });
    await setImmediate();
    expect([given, loader.sightings.size]).toEqual([0, 0]);
    slow.resolve(sightingAt(0, [USER_1]));
    const [first, second] = await Promise.all(loading);
    expect([first, second].map((sighting) => sighting?.machines?.[0]?.id)).toEqual([
      USER_1,
      USER_2,
    ]);
    expect([...loader.sightings]).toEqual([
      [USER_1, first],
      [USER_2, second],
    ]);
  });

  test('asks first for users who were never seen, and answers in the order asked', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map(userNameFrom);
    const asked: string[] = [];
    const loader = createLoader(
      async (_caller, userName) => {
        asked.push(userName);
        return sightingAt(0, [userName]);
      },
      (caller, userName) => caller.partition === 'alice' && ['a', 'c'].includes(userName),
      alice,
      signal,
    );
    const sightings = await Promise.all(names.map((name) => loader.load(name)));
    expect(sightings.map(({ machines }) => machines?.[0]?.id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(asked).toEqual(['b', 'd', 'e', 'a', 'c']);
  });

  test.each([
    ['25 users who were never seen, ten for each turn of the event loop', 25, false, [10, 20, 25]],
    ['hundreds, the first hundred so', 300, false, [10, 20, 30, 40, 50, 60, 70, 80, 90, 300]],
    ['users whose answers are remembered, at once', 25, true, [25]],
  ])('asks for %s', async (_, users, isSeen, expected) => {
    let asked = 0;
    const loader = createLoader(
      async () => {
        asked += 1;
        return sightingAt(0);
      },
      () => isSeen,
      alice,
      signal,
    );
    const names = Array.from({ length: users }, (_user, n) => userNameFrom(`user${n}`));
    const loading = Promise.all(names.map((name) => loader.load(name)));
    const counts: number[] = [];
    for (const _turn of expected) {
      await setImmediate();
      counts.push(asked);
    }
    expect(counts).toEqual(expected);
    expect(await loading).toHaveLength(users);
  });

  test('asks for the others at once where nobody waits any more: each ends by itself', async () => {
    const leaver = new AbortController();
    let asked = 0;
    const loader = createLoader(
      async (_caller, _userName, itsSignal) => {
        asked += 1;
        itsSignal.throwIfAborted();
        return sightingAt(0);
      },
      noneSeen,
      alice,
      leaver.signal,
    );
    const names = Array.from({ length: 40 }, (_, n) => userNameFrom(`user${n}`));
    const loading = Promise.allSettled(names.map((name) => loader.load(name)));
    await setImmediate();
    leaver.abort(new Error('gone'));
    await setImmediate();
    expect(asked).toBe(40);
    const ends = await loading;
    expect(ends.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(20);
  });
});
