import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MachineCache } from '../../src/machines/cache.ts';
import type { Shelf } from '../../src/machines/shelf.ts';
import type { Sighting } from '../../src/machines/sighting.ts';
import { userNameFrom, type UserName } from '../../src/machines/userName.ts';
import { bytesOf } from '../../src/machines/weight.ts';
import { ManualClock } from '../../emulator/manualClock.ts';
import { callerWith, sightingAt, USER_1, USER_2 } from './sightings.ts';

const TTL = 300_000;
const NEGATIVE_TTL = 60_000;
const STALE = 360_000;
const alice = callerWith('alice');
const bob = callerWith('bob');

function openCache(maxBytes = 10_000_000, staleMilliseconds = 0) {
  const clock = new ManualClock();
  const cache = new MachineCache({
    clock,
    maxBytes,
    ttlMilliseconds: TTL,
    negativeTtlMilliseconds: NEGATIVE_TTL,
    staleMilliseconds,
  });
  function keep(caller = alice, userName = USER_1, ids: readonly string[] | null = ['a']) {
    const shelf = cache.hold(caller);
    const kept = cache.keep(shelf, caller, userName, sightingAt(clock.now(), ids));
    cache.release(shelf);
    return kept;
  }
  return { cache, clock, keep };
}

describe('the cache', () => {
  test('gives back what it keeps, frozen, and says until when it is fresh', () => {
    const { cache, clock, keep } = openCache();
    const kept = keep();
    expect(kept.freshUntil).toBe(clock.now() + TTL);
    expect(cache.fresh(alice, USER_1)).toBe(kept);
    expect([kept, kept.machines, kept.machines?.[0]].every(Object.isFrozen)).toBe(true);
  });

  test('gives one caller nothing that another has seen, and one user nothing of another', () => {
    const { cache, keep } = openCache();
    keep();
    expect(cache.fresh(bob, USER_1)).toBeUndefined();
    expect(cache.fresh(alice, USER_2)).toBeUndefined();
  });

  test('serves an entry up to its time to live, and reading does not prolong it', () => {
    const { cache, clock, keep } = openCache();
    keep();
    for (let minute = 0; minute < 4; minute += 1) {
      clock.advance(60_000);
      expect(cache.fresh(alice, USER_1)).toBeDefined();
    }
    clock.advance(59_999);
    expect(cache.fresh(alice, USER_1)).toBeDefined();
    clock.advance(1);
    expect(cache.fresh(alice, USER_1)).toBeUndefined();
  });

  test.each([
    ['an empty answer', []],
    ['an unknown user', null],
  ])('keeps %s for a shorter time', (_what, ids) => {
    const { cache, clock, keep } = openCache();
    expect(keep(alice, USER_1, ids).freshUntil).toBe(clock.now() + NEGATIVE_TTL);
    clock.advance(NEGATIVE_TTL - 1);
    expect(cache.fresh(alice, USER_1)?.machines).toEqual(ids);
    clock.advance(1);
    expect(cache.fresh(alice, USER_1)).toBeUndefined();
  });

  test('counts an age from when Defender was read, not from when the answer was kept', () => {
    const { cache, clock } = openCache();
    const shelf = cache.hold(alice);
    const read = sightingAt(clock.now());
    clock.advance(TTL - 1);
    cache.keep(shelf, alice, USER_1, read);
    expect(cache.fresh(alice, USER_1)).toBeDefined();
    clock.advance(1);
    expect(cache.fresh(alice, USER_1)).toBeUndefined();
    cache.keep(shelf, alice, USER_1, read);
    expect(cache.fresh(alice, USER_1)).toBeUndefined();
  });

  test('lets an entry die with the token', () => {
    const { cache, clock, keep } = openCache();
    const expiring = callerWith('alice', clock.now() + 10_000);
    expect(keep(expiring).freshUntil).toBe(expiring.expiresAt);
    clock.advance(9_999);
    expect(cache.fresh(expiring, USER_1)).toBeDefined();
    clock.advance(1);
    expect(cache.fresh(expiring, USER_1)).toBeUndefined();
    keep(expiring);
    expect(cache.fresh(expiring, USER_1)).toBeUndefined();
  });

  test('replaces an entry by what was read later', () => {
    const { cache, keep } = openCache();
    keep(alice, USER_1, ['a']);
    keep(alice, USER_1, ['b']);
    expect(cache.fresh(alice, USER_1)?.machines?.map(({ id }) => id)).toEqual(['b']);
    cache.forget(alice);
    expect(cache.fresh(alice, USER_1)).toBeUndefined();
  });

  test('refuses what is larger than itself, and drops the older answer with it', () => {
    const { cache, keep } = openCache(3_000);
    keep(alice, USER_1, ['a']);
    const large = keep(
      alice,
      USER_1,
      Array.from({ length: 50 }, (_, index) => `m${index}`),
    );
    expect(large.machines).toHaveLength(50);
    expect(cache.fresh(alice, USER_1)).toBeUndefined();
    keep(alice, USER_2, ['b']);
    expect(cache.fresh(alice, USER_2)).toBeDefined();
  });
});

describe('forgetting', () => {
  test('reaches every entry of the caller and none of another', () => {
    const { cache, keep } = openCache();
    keep(alice, USER_1);
    keep(alice, USER_2);
    keep(bob, USER_1);
    cache.forget(alice);
    expect(cache.fresh(alice, USER_1)).toBeUndefined();
    expect(cache.fresh(alice, USER_2)).toBeUndefined();
    expect(cache.fresh(bob, USER_1)).toBeDefined();
  });

  test('reaches reads that are under way, and none that begin later', () => {
    const { cache, clock } = openCache();
    const before = [cache.hold(alice), cache.hold(alice)];
    cache.forget(alice);
    const after = cache.hold(alice);
    cache.keep(after, alice, USER_2, sightingAt(clock.now()));
    for (const shelf of before) {
      cache.keep(shelf, alice, USER_1, sightingAt(clock.now()));
      cache.release(shelf);
    }
    expect(cache.fresh(alice, USER_1)).toBeUndefined();
    expect(cache.fresh(alice, USER_2)).toBeDefined();
    cache.release(after);
    cache.forget(alice);
    expect(cache.fresh(alice, USER_2)).toBeUndefined();
  });

  test('reaches a read that goes on after another of the same caller has ended without an answer', () => {
    const { cache, clock } = openCache();
    const [goesOn, ended] = [cache.hold(alice), cache.hold(alice)];
    cache.release(ended);
    cache.forget(alice);
    cache.keep(goesOn, alice, USER_1, sightingAt(clock.now()));
    expect(cache.fresh(alice, USER_1)).toBeUndefined();
  });

  test('of somebody unknown does nothing', () => {
    const { cache, keep } = openCache();
    keep();
    cache.forget(callerWith('nobody'));
    expect(cache.fresh(alice, USER_1)).toBeDefined();
  });
});

describe('the bound in bytes', () => {
  test('holds whatever comes: what is still there weighs no more than it', () => {
    const insertion = fc.record({
      partition: fc.constantFrom('alice', 'bob', 'carol'),
      user: fc.integer({ min: 0, max: 30 }),
      devices: fc.integer({ min: 0, max: 8 }),
      nameLength: fc.integer({ min: 1, max: 400 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 40_000 }),
        fc.array(insertion, { maxLength: 60, size: 'max' }),
        (maxBytes, insertions) => {
          const { cache, keep } = openCache(maxBytes);
          const tried = new Map<string, () => Sighting | undefined>();
          for (const { partition, user, devices, nameLength } of insertions) {
            const caller = callerWith(partition);
            const userName = userNameFrom(`user${user}`);
            const ids = Array.from({ length: devices }, () => 'x'.repeat(nameLength));
            const kept = keep(caller, userName, ids);
            tried.set(`${partition}/${userName}`, () => cache.fresh(caller, userName));
            // The newest stays, unless it is larger than the whole cache.
            const stays = bytesOf(kept) + 2 * `${partition}/${userName}`.length <= maxBytes;
            expect(cache.fresh(caller, userName) !== undefined).toBe(stays);
          }
          const bytes = [...tried.values()]
            .map((get) => get())
            .map((hit) => (hit ? bytesOf(hit) : 0));
          expect(bytes.reduce((sum, more) => sum + more, 0)).toBeLessThanOrEqual(maxBytes);
        },
      ),
    );
  });
});

const PARTITIONS = ['p', 'q'] as const;
const NAMES = [USER_1, USER_2, userNameFrom('user3')] as const;

type Step =
  | { readonly do: 'hold' | 'forget'; readonly partition: string }
  | {
      readonly do: 'keep';
      readonly read: number;
      readonly userName: UserName;
      readonly ids: readonly string[] | null;
    }
  | { readonly do: 'release'; readonly read: number }
  | { readonly do: 'get'; readonly partition: string; readonly userName: UserName }
  | { readonly do: 'advance'; readonly milliseconds: number };

const partition = fc.constantFrom(...PARTITIONS);
const userName = fc.constantFrom(...NAMES);
const read = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hold' as const), partition }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('keep' as const),
      read,
      userName,
      ids: fc.constantFrom(null, [], ['a'], ['b', 'c'], ['x'.repeat(900)], ['y'.repeat(5_000)]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), read }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('get' as const), partition, userName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), partition }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      milliseconds: fc.constantFrom(1, 20_000, 59_999, 60_000, 250_000),
    }),
  },
);

describe('in any order of holding, keeping, reading, forgetting, releasing and waiting', () => {
  /** Follows the steps in a cache and in a model of it; `maxBytes` small enough that entries push each other out. */
  function follow(steps: readonly Step[], maxBytes: number): void {
    const { cache, clock } = openCache(maxBytes, STALE);
    // The token of "q" expires on the way.
    const callers = { p: callerWith('p'), q: callerWith('q', clock.now() + 400_000) };
    const callerOf = (name: string) => (name === 'q' ? callers.q : callers.p);
    const held: { shelf: Shelf; partition: string; forgotten: boolean }[] = [];
    const shelves = new Set<Shelf>();
    const model = new Map<
      string,
      { ids: readonly string[] | null; freshUntil: number; standsInUntil: number }
    >();

    for (const one of steps) {
      switch (one.do) {
        case 'hold':
          held.push({
            shelf: cache.hold(callerOf(one.partition)),
            partition: one.partition,
            forgotten: false,
          });
          for (const { shelf } of held) shelves.add(shelf);
          break;
        case 'keep': {
          const from = held[one.read];
          if (!from) break;
          const caller = callerOf(from.partition);
          cache.keep(from.shelf, caller, one.userName, sightingAt(clock.now(), one.ids));
          const { expiresAt } = caller;
          const ttl = one.ids?.length ? TTL : NEGATIVE_TTL;
          if (!from.forgotten && expiresAt > clock.now())
            model.set(`${from.partition}/${one.userName}`, {
              ids: one.ids,
              freshUntil: Math.min(clock.now() + ttl, expiresAt),
              standsInUntil: Math.min(clock.now() + STALE, expiresAt),
            });
          break;
        }
        case 'release':
          for (const { shelf } of held.splice(one.read, 1)) cache.release(shelf);
          break;
        case 'forget':
          cache.forget(callerOf(one.partition));
          for (const of of held) if (of.partition === one.partition) of.forgotten = true;
          for (const name of NAMES) model.delete(`${one.partition}/${name}`);
          break;
        case 'advance':
          clock.advance(one.milliseconds);
          break;
        case 'get': {
          const caller = callerOf(one.partition);
          const kept = model.get(`${one.partition}/${one.userName}`);
          const served = [
            { hit: cache.fresh(caller, one.userName), until: kept?.freshUntil ?? 0 },
            { hit: cache.last(caller, one.userName), until: kept?.standsInUntil ?? 0 },
          ];
          for (const { hit, until } of served) {
            const expected = until > clock.now() ? kept?.ids : undefined;
            // A full cache may have lost an entry; what it has is never another.
            if (hit || maxBytes > 1_000_000)
              expect(hit?.machines && hit.machines.map(({ id }) => id)).toEqual(expected);
          }
          break;
        }
      }
    }
    for (const { shelf } of held) cache.release(shelf);
    clock.advance(STALE + 1);
    for (const caller of [callers.p, callers.q]) {
      for (const name of NAMES) expect(cache.fresh(caller, name)).toBeUndefined();
      // Nobody holds it and nothing is on it: a shelf that were still known would be handed out again.
      expect(shelves.has(cache.hold(caller))).toBe(false);
    }
  }

  test('a large cache answers what a map would', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) =>
        follow(steps, 10_000_000),
      ),
      { numRuns: 400 },
    );
  });

  test('a full cache answers that or nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => follow(steps, 4_000)),
      { numRuns: 400 },
    );
  });
});
