import { describe, expect, test } from '@jest/globals';
import type { Priority } from '../../src/auth/caller.ts';
import { MachineCache } from '../../src/machines/cache.ts';
import { recalled } from '../../src/machines/ladder.ts';
import { createRenew } from '../../src/machines/renewal.ts';
import { remembered } from '../../src/machines/remembered.ts';
import { Failure } from '../../src/errors.ts';
import { ManualClock } from '../../emulator/manualClock.ts';
import { callerWith, sightingAt, USER_1 } from './sightings.ts';

const { signal } = new AbortController();

function openCache(clock: ManualClock): MachineCache {
  return new MachineCache({
    clock,
    maxBytes: 1_000_000,
    ttlMilliseconds: 300_000,
    negativeTtlMilliseconds: 60_000,
    staleMilliseconds: 3_600_000,
  });
}

function openRenewed() {
  const clock = new ManualClock();
  const cache = openCache(clock);
  const asked: Priority[] = [];
  const state = { isDown: false };
  const live = remembered(cache, async ({ priority }) => {
    asked.push(priority);
    if (state.isDown) throw new Failure('RATE_LIMITED', 'No.');
    return sightingAt(clock.now());
  });
  const machinesOf = recalled(cache, clock, createRenew(clock, live), live);
  return { clock, asked, state, ask: () => machinesOf(callerWith('alice'), USER_1, signal) };
}

describe('an answer that is soon to grow old', () => {
  test('is renewed with spare priority while it is still served, once', async () => {
    const { clock, asked, ask } = openRenewed();
    await ask();
    clock.advance(239_999);
    await ask();
    expect(asked).toEqual(['interactive']);
    clock.advance(1);
    expect(await Promise.all([ask(), ask(), ask()])).toMatchObject([
      { source: 'CACHE' },
      { source: 'CACHE' },
      { source: 'CACHE' },
    ]);
    expect(asked).toEqual(['interactive', 'spare']);
    clock.advance(60_000);
    expect(await ask()).toMatchObject({ source: 'CACHE', readAt: clock.now() - 60_000 });
  });

  test('that can not be renewed is left alone for a while, and asked for by who finds it old', async () => {
    const { clock, asked, state, ask } = openRenewed();
    await ask();
    state.isDown = true;
    clock.advance(295_000);
    await ask();
    await ask();
    expect(asked).toEqual(['interactive', 'spare']);
    state.isDown = false;
    clock.advance(5_000);
    expect(await ask()).toMatchObject({ source: 'LIVE' });
    expect(asked).toEqual(['interactive', 'spare', 'interactive']);
  });

  test.each([
    ['is renewed as well where another replica has read it', 'CACHE', 1],
    ['is not where it was read just now', 'LIVE', 0],
  ] as const)('%s', async (_, source, expected) => {
    const clock = new ManualClock();
    const found = {
      ...sightingAt(clock.now() - 280_000),
      freshUntil: clock.now() + 20_000,
      source,
    };
    const renewed: Priority[] = [];
    const renew = createRenew(clock, async ({ priority }) => {
      renewed.push(priority);
      return found;
    });
    const machinesOf = recalled(openCache(clock), clock, renew, async () => found);
    expect(await machinesOf(callerWith('alice'), USER_1, signal)).toBe(found);
    expect(renewed).toHaveLength(expected);
  });
});
