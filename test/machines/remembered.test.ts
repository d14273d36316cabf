import { describe, expect, test } from '@jest/globals';
import { Failure, type FailureCode } from '../../src/errors.ts';
import { MachineCache } from '../../src/machines/cache.ts';
import { recalled } from '../../src/machines/ladder.ts';
import { remembered } from '../../src/machines/remembered.ts';
import type { MachinesOfUser, Sighting } from '../../src/machines/sighting.ts';
import { ManualClock } from '../../emulator/manualClock.ts';
import { callerWith, deferred, neverRenewed, sightingAt, USER_1, USER_2 } from './sightings.ts';

const alice = callerWith('alice');
const { signal } = new AbortController();

/** The cache in front of reads whose ends are in the test's hands. */
function openMemory() {
  const clock = new ManualClock();
  const cache = new MachineCache({
    clock,
    maxBytes: 1_000_000,
    ttlMilliseconds: 300_000,
    negativeTtlMilliseconds: 60_000,
    staleMilliseconds: 0,
  });
  const reads: ReturnType<typeof deferred<Sighting>>[] = [];
  const next: MachinesOfUser = () => {
    const read = deferred<Sighting>();
    reads.push(read);
    return read.promise;
  };
  const machinesOf = recalled(cache, clock, neverRenewed, remembered(cache, next));
  return {
    cache,
    clock,
    reads,
    machinesOf: (userName = USER_1, caller = alice) => machinesOf(caller, userName, signal),
  };
}

describe('what was read', () => {
  test('is live to who waited for it, and comes from the cache to who asks later', async () => {
    const { clock, reads, machinesOf } = openMemory();
    const first = machinesOf();
    const readAt = clock.now();
    reads[0]?.resolve(sightingAt(readAt));
    expect(await first).toMatchObject({ source: 'LIVE', readAt, freshUntil: readAt + 300_000 });
    clock.advance(1_000);
    const second = await machinesOf();
    expect(second).toMatchObject({ source: 'CACHE', readAt, freshUntil: readAt + 300_000 });
    expect(second.machines).toBe((await first).machines);
    expect(reads).toHaveLength(1);
  });

  test('is read again when it is too old', async () => {
    const { clock, reads, machinesOf } = openMemory();
    const first = machinesOf();
    reads[0]?.resolve(sightingAt(clock.now()));
    await first;
    clock.advance(300_000);
    void machinesOf();
    expect(reads).toHaveLength(2);
  });
});

test('a read that has failed holds nothing any more', async () => {
  const { cache, reads, machinesOf } = openMemory();
  const shelf = cache.hold(alice);
  const failing = machinesOf();
  cache.release(shelf);
  reads[0]?.reject(new Failure('UPSTREAM_TIMEOUT', 'Too late.'));
  await expect(failing).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  expect(cache.hold(alice)).not.toBe(shelf);
});

describe('a failure', () => {
  const codes: FailureCode[] = [
    'BAD_USER_INPUT',
    'RATE_LIMITED',
    'UPSTREAM_TIMEOUT',
    'UPSTREAM_UNAVAILABLE',
    'UPSTREAM_INVALID_RESPONSE',
    'DEADLINE_EXCEEDED',
  ];
  test.each(codes)('%s is not remembered, and takes nothing else along', async (code) => {
    const { clock, reads, machinesOf } = openMemory();
    const other = machinesOf(USER_2);
    reads[0]?.resolve(sightingAt(clock.now()));
    await other;
    const failing = machinesOf();
    reads[1]?.reject(new Failure(code, 'No.'));
    await expect(failing).rejects.toMatchObject({ code });
    expect(await machinesOf(USER_2)).toMatchObject({ source: 'CACHE' });
    void machinesOf();
    expect(reads).toHaveLength(3);
  });

  test.each(['UNAUTHENTICATED', 'FORBIDDEN'] as const)(
    '%s forgets all that the caller saw and is still reading, and nothing of others',
    async (code) => {
      const { clock, reads, machinesOf } = openMemory();
      const bob = callerWith('bob');
      const seen = [machinesOf(USER_2), machinesOf(USER_2, bob)];
      for (const read of reads) read.resolve(sightingAt(clock.now()));
      await Promise.all(seen);
      const [turnedAway, underWay] = [machinesOf(USER_1), machinesOf(USER_1)];
      reads[2]?.reject(new Failure(code, 'No.'));
      await expect(turnedAway).rejects.toMatchObject({ code });
      reads[3]?.resolve(sightingAt(clock.now()));
      await underWay;

      expect(await machinesOf(USER_2, bob)).toMatchObject({ source: 'CACHE' });
      void machinesOf(USER_2);
      void machinesOf(USER_1);
      expect(reads).toHaveLength(6);
    },
  );
});
