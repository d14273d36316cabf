import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure, type FailureCode } from '../../src/errors.ts';
import { MachineCache } from '../../src/machines/cache.ts';
import { recalled } from '../../src/machines/ladder.ts';
import { remembered } from '../../src/machines/remembered.ts';
import type { Sighting } from '../../src/machines/sighting.ts';
import { ManualClock } from '../../emulator/manualClock.ts';
import { callerWith, neverRenewed, sightingAt, USER_1, USER_2 } from './sightings.ts';

const TTL = 300_000;
const STALE = 3_600_000;
const PASSING: FailureCode[] = [
  'RATE_LIMITED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_INVALID_RESPONSE',
  'DEADLINE_EXCEEDED',
];
const LASTING: FailureCode[] = [
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'INTERNAL_SERVER_ERROR',
];
const { signal } = new AbortController();

/** The ladder over a Defender that says what the test sets. */
function openLadder(expiresIn = Infinity) {
  const clock = new ManualClock();
  const cache = new MachineCache({
    clock,
    maxBytes: 10_000_000,
    ttlMilliseconds: TTL,
    negativeTtlMilliseconds: 60_000,
    staleMilliseconds: STALE,
  });
  const expiresAt = clock.now() + expiresIn;
  const ladder = {
    clock,
    calls: 0,
    /** The device that Defender shows, or the code that it fails with. */
    says: 'device' as string,
    ask: (userName = USER_1, name = 'alice', itsSignal = signal): Promise<Sighting> =>
      machinesOf(callerWith(name, expiresAt), userName, itsSignal),
  };
  const machinesOf = recalled(
    cache,
    clock,
    neverRenewed,
    remembered(cache, async () => {
      ladder.calls += 1;
      const failing = [...PASSING, ...LASTING].find((code) => code === ladder.says);
      if (failing) throw new Failure(failing, 'No.');
      return sightingAt(clock.now(), [ladder.says]);
    }),
  );
  return ladder;
}

describe('where Defender can not answer', () => {
  test.each(PASSING)(
    'with %s, the last good answer stands in, labelled, with the time it was read',
    async (code) => {
      const ladder = openLadder();
      const { readAt } = await ladder.ask();
      ladder.says = code;
      ladder.clock.advance(TTL);
      const stale = await ladder.ask();
      expect(stale).toMatchObject({ source: 'STALE', readAt, machines: [{ id: 'device' }] });
      expect(stale.freshUntil).toBeLessThanOrEqual(ladder.clock.now());
    },
  );

  test.each(LASTING)('with %s, nothing stands in', async (code) => {
    const ladder = openLadder();
    await ladder.ask();
    ladder.says = code;
    ladder.clock.advance(TTL);
    await expect(ladder.ask()).rejects.toMatchObject({ code });
  });

  test('an answer that is too old does not stand in', async () => {
    const ladder = openLadder();
    await ladder.ask();
    ladder.says = 'UPSTREAM_UNAVAILABLE';
    ladder.clock.advance(STALE - 1);
    expect(await ladder.ask()).toMatchObject({ source: 'STALE' });
    ladder.clock.advance(10_001);
    await expect(ladder.ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('nothing stands in once the token has expired', async () => {
    const ladder = openLadder(TTL + 5_000);
    await ladder.ask();
    ladder.says = 'UPSTREAM_UNAVAILABLE';
    ladder.clock.advance(TTL + 4_999);
    expect(await ladder.ask()).toMatchObject({ source: 'STALE' });
    ladder.clock.advance(1);
    await expect(ladder.ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('it is not asked again by each reader, but after a rest, and then it is fresh again', async () => {
    const ladder = openLadder();
    await ladder.ask();
    ladder.says = 'UPSTREAM_TIMEOUT';
    ladder.clock.advance(TTL);
    for (let reader = 0; reader < 20; reader += 1) await ladder.ask();
    expect(ladder.calls).toBe(2);
    ladder.says = 'newer';
    ladder.clock.advance(10_000);
    expect(await ladder.ask()).toMatchObject({ source: 'LIVE', machines: [{ id: 'newer' }] });
    expect(ladder.calls).toBe(3);
  });

  test('it is asked again where the reader before had no time or went away', async () => {
    const ladder = openLadder();
    await ladder.ask();
    ladder.clock.advance(TTL);
    ladder.says = 'DEADLINE_EXCEEDED';
    expect(await ladder.ask(USER_1, 'alice', AbortSignal.abort())).toMatchObject({
      source: 'STALE',
    });
    ladder.says = 'newer';
    expect(await ladder.ask()).toMatchObject({ source: 'LIVE', machines: [{ id: 'newer' }] });
  });

  test('a 403 on one user takes what could stand in for all others along', async () => {
    const ladder = openLadder();
    await ladder.ask(USER_1);
    await ladder.ask(USER_2);
    ladder.clock.advance(TTL);
    ladder.says = 'FORBIDDEN';
    await expect(ladder.ask(USER_1)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    ladder.says = 'UPSTREAM_UNAVAILABLE';
    await expect(ladder.ask(USER_2)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

type Step =
  | { readonly do: 'ask'; readonly caller: string; readonly user: number }
  | { readonly do: 'say'; readonly what: string }
  | { readonly do: 'wait'; readonly milliseconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      caller: fc.constantFrom('alice', 'bob'),
      user: fc.nat(1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      what: fc.constantFrom('one', 'two', 'three', ...PASSING, 'FORBIDDEN', 'UNAUTHENTICATED'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      milliseconds: fc.constantFrom(1, 9_999, 10_000, TTL - 1, TTL, 2_000_000, STALE),
    }),
  },
);

test('whatever Defender says in whatever order, what is served obeys the ladder', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60, size: 'max' }),
      fc.constantFrom(Infinity, 4_000_000),
      async (steps, expiresIn) => {
        const ladder = openLadder(expiresIn);
        const expiresAt = ladder.clock.now() + expiresIn;
        /** By caller and user, the last good answer; a 401 or 403 empties what the caller had. */
        const last = new Map<string, { device: string; readAt: number }>();
        for (const one of steps) {
          if (one.do === 'say') ladder.says = one.what;
          if (one.do === 'wait') ladder.clock.advance(one.milliseconds);
          if (one.do !== 'ask') continue;
          const now = ladder.clock.now();
          const key = `${one.caller}/${one.user}`;
          const kept = last.get(key);
          const age = kept ? now - kept.readAt : Infinity;
          const before = ladder.calls;
          const answer = await ladder
            .ask(one.user === 0 ? USER_1 : USER_2, one.caller)
            .catch((error: Failure) => error.code);
          const called = ladder.calls > before;
          const failed = [...PASSING, ...LASTING].some((code) => code === ladder.says);

          if (typeof answer === 'string') {
            expect(called).toBe(true);
            expect(answer).toBe(ladder.says);
            if (PASSING.includes(ladder.says as FailureCode))
              expect(age < STALE && now < expiresAt).toBe(false);
            else for (const name of ['0', '1']) last.delete(`${one.caller}/${name}`);
          } else if (answer.source === 'LIVE') {
            expect({ called, failed }).toEqual({ called: true, failed: false });
            expect(answer.machines).toMatchObject([{ id: ladder.says }]);
            last.set(key, { device: ladder.says, readAt: now });
          } else {
            expect(answer).toMatchObject({
              readAt: kept?.readAt,
              machines: [{ id: kept?.device }],
            });
            expect(now).toBeLessThan(expiresAt);
            if (answer.source === 'CACHE') expect(called || age >= TTL).toBe(false);
            else expect(age >= TTL && age < STALE && (failed || !called)).toBe(true);
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});
