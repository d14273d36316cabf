import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../emulator/manualClock.ts';
import { MemoryStore } from '../../../src/defender/budget/memoryStore.ts';
import { Pauses } from '../../../src/defender/budget/pauses.ts';

/** A store that counts what is read of it: as another replica's, it may hear of pauses that this process was not told. */
class CountingStore extends MemoryStore {
  readonly reads: string[] = [];

  override read(...args: Parameters<MemoryStore['read']>): ReturnType<MemoryStore['read']> {
    this.reads.push(args[0]);
    return super.read(...args);
  }
}

function setUp(...budgets: string[]) {
  const clock = new ManualClock();
  const limits = { minute: 100, hour: 1_500 };
  const store = new CountingStore({ clock, limits, marginMilliseconds: 1_000 });
  const pauses = new Pauses(store, clock);
  for (const budget of budgets) pauses.answered(budget);
  return { clock, store, pauses };
}

test('a pause that another replica was told of is known within a second, until it ends', async () => {
  const { clock, store, pauses } = setUp('contoso');
  expect(await pauses.until()).toBe(0);
  await store.pause('contoso', 30_000);
  clock.advance(1_000);
  expect(await pauses.until()).toBe(clock.now() + 29_000);
  clock.advance(29_000);
  expect(await pauses.until()).toBe(clock.now());
});

test('however often it is asked, the store is asked once a second', async () => {
  const { clock, store, pauses } = setUp('contoso');
  await Promise.all(Array.from({ length: 100 }, () => pauses.until()));
  clock.advance(999);
  await pauses.until();
  expect(store.reads).toHaveLength(1);
  clock.advance(1);
  await pauses.until();
  expect(store.reads).toHaveLength(2);
});

test('during a pause the store is not asked', async () => {
  const { clock, store, pauses } = setUp('contoso');
  pauses.told(clock.now() + 10_000);
  clock.advance(5_000);
  expect(await pauses.until()).toBe(clock.now() + 5_000);
  expect(store.reads).toEqual([]);
});

test('several budgets are looked at by turns, and an invented one is not', async () => {
  const { clock, store, pauses } = setUp('contoso', 'fabrikam');
  await store.pause('invented', 60_000);
  for (let look = 0; look < 4; look += 1) {
    expect(await pauses.until()).toBe(0);
    clock.advance(1_000);
  }
  expect(store.reads.toSorted()).toEqual(['contoso', 'contoso', 'fabrikam', 'fabrikam']);
  const { pauses: none, store: unread } = setUp();
  expect(await none.until()).toBe(0);
  expect(unread.reads).toEqual([]);
});

test('of very many budgets the latest are known', () => {
  const { pauses } = setUp(...Array.from({ length: 1_000 }, (_, index) => `budget ${index}`));
  expect(pauses.budgets).toHaveLength(10);
  expect(pauses.budgets).toContain('budget 999');
});
