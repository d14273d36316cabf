import { setMaxListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createBudget } from '../../../src/defender/budget.ts';
import { MemoryStore } from '../../../src/defender/budget/memoryStore.ts';
import { Failure } from '../../../src/errors.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { mostIn } from './windowCount.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const BUDGETS = ['contoso', 'fabrikam'] as const;

const ask = fc.record({
  budget: fc.constantFrom(...BUDGETS),
  caller: fc.constantFrom('ann', 'bob', 'cleo', 'greedy'),
  priority: fc.constantFrom('interactive' as const, 'interactive' as const, 'bulk' as const),
  calls: fc.constantFrom(1, 1, 2, 12),
  latency: fc.integer({ min: 0, max: 5_000 }),
  answer: fc.constantFrom('200', '200', '200', '401', '429', 'broken'),
  abortAfter: fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined, freq: 4 }),
  then: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 3_000 }),
    fc.integer({ min: 1, max: 2 * MINUTE }),
    fc.integer({ min: 1, max: HOUR }),
  ),
});

const setUp = fc.record({
  limits: fc.record({
    minute: fc.integer({ min: 1, max: 8 }),
    hour: fc.integer({ min: 1, max: 20 }),
  }),
  maxConcurrency: fc.integer({ min: 1, max: 6 }),
  mostWaiting: fc.integer({ min: 6, max: 20 }),
  asks: fc.array(ask, { minLength: 1, maxLength: 60 }),
});

test('For all schedules: no window is overrun, no pause is broken, no slot is lost, every ask settles', async () => {
  await fc.assert(
    fc.asyncProperty(setUp, async ({ limits, maxConcurrency, mostWaiting, asks }) => {
      const clock = new SimulatedClock();
      const budget = createBudget({
        clock,
        store: new MemoryStore({ clock, limits, marginMilliseconds: 1_000 }),
        limits,
        maxConcurrency,
        maxWaitMilliseconds: 2_000,
        mostWaiting,
        log: createLog('silent'),
      });
      const paid = new Map<string, Set<{ at: number }>>(BUDGETS.map((name) => [name, new Set()]));
      const pausedUntil = new Map<string, number>();
      const outcomes: Promise<unknown>[] = [];
      let underWay = 0;

      for (const { calls, latency, answer, abortAfter, then, ...place } of asks) {
        const controller = new AbortController();
        setMaxListeners(0, controller.signal);
        if (abortAfter !== undefined) clock.after(abortAfter, () => controller.abort('gone'));
        for (let call = 0; call < calls; call += 1) {
          const outcome = budget.run({ ...place, signal: controller.signal }, async (spent) => {
            const entry = { at: clock.now() };
            paid.get(place.budget)?.add(entry);
            underWay += 1;
            expect(underWay).toBeLessThanOrEqual(maxConcurrency);
            expect(clock.now()).toBeGreaterThanOrEqual(pausedUntil.get(place.budget) ?? 0);
            await clock.sleep(latency);
            underWay -= 1;
            if (answer === '200') spent.answered();
            if (answer === '401') {
              spent.refund();
              paid.get(place.budget)?.delete(entry);
            }
            if (answer === '429') {
              pausedUntil.set(place.budget, clock.now() + 7_000);
              spent.refused(7_000, '');
            }
            if (answer === 'broken') throw new TypeError('broken');
          });
          outcomes.push(outcome.catch(explained));
        }
        await clock.turn(then);
      }
      await clock.turn(10_000);
      await Promise.all(outcomes);

      for (const calls of paid.values()) {
        const times = [...calls].map(({ at }) => at);
        expect(mostIn(MINUTE, times)).toBeLessThanOrEqual(limits.minute);
        expect(mostIn(HOUR, times)).toBeLessThanOrEqual(limits.hour);
      }
      expect(underWay).toBe(0);
      await clock.turn(2 * HOUR);
      const { signal } = new AbortController();
      const zoe = { caller: 'zoe', priority: 'interactive' as const, signal };
      const first = budget.run({ ...zoe, budget: 'contoso' }, async (spent) => {
        spent.answered();
        return 'made';
      });
      await clock.turn(0);
      expect(await first).toBe('made');
      for (let slot = 0; slot < maxConcurrency; slot += 1) {
        void budget.run({ ...zoe, budget: `tenant ${slot}` }, () => {
          underWay += 1;
          return clock.sleep(1);
        });
      }
      await clock.turn(0);
      expect(underWay).toBe(maxConcurrency);
    }),
    { numRuns: 300 },
  );
});

/** Every ask that gets no call is told why. */
function explained(error: unknown): void {
  if (error === 'gone' || (error instanceof TypeError && error.message === 'broken')) return;
  if (!(error instanceof Failure) || error.code !== 'RATE_LIMITED') throw error;
  expect(error.details.retryAfterSeconds).toBeGreaterThanOrEqual(1);
}
