import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createBudget, type Ask } from '../../../src/defender/budget.ts';
import { MemoryStore } from '../../../src/defender/budget/memoryStore.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { Demands, seededRandom } from './demand.ts';
import { SimulatedClock } from './simulatedClock.ts';
import { mostIn } from './windowCount.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LIMITS = { minute: 100, hour: 1_500 };

// Hours of a busy budget are simulated, call by call.
jest.setTimeout(180_000);
// Tens of thousands of refusals: their stacks would take half of the time.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

function setUp() {
  const clock = new SimulatedClock();
  const random = seededRandom(7);
  const budget = createBudget({
    clock,
    store: new MemoryStore({ clock, limits: LIMITS, marginMilliseconds: SECOND }),
    limits: LIMITS,
    maxConcurrency: 50,
    maxWaitMilliseconds: 2 * SECOND,
    log: createLog('silent'),
    random,
  });
  const demands = new Demands(clock, random);

  /** Single queries of other callers, at random times, and how long each waited. */
  async function others(milliseconds: number, every: number, callers: number): Promise<number[]> {
    const waits: Promise<number>[] = [];
    const end = clock.now() + milliseconds;
    for (let query = 0; clock.now() < end; query += 1) {
      await clock.turn(-Math.log(1 - random()) * every);
      const caller = `other ${query % callers}`;
      waits.push(demands.wantOne({ caller, priority: 'interactive', budget }));
    }
    await clock.turn(3 * SECOND);
    return Promise.all(waits);
  }
  const greedy = (calls: number, caller = 'greedy', priority: Ask['priority'] = 'interactive') =>
    demands.want({ caller, priority, budget }, calls);
  const steady = (caller: string, priority: Ask['priority']) =>
    demands.want({ caller, priority, budget }, Infinity, 60);
  return { clock, demands, greedy, steady, others };
}

function partWithin(milliseconds: number, waits: readonly number[]): number {
  return waits.filter((wait) => wait <= milliseconds).length / waits.length;
}

describe('While one caller wants 2,000 users', () => {
  test.each([
    ['another caller, once every 20 s', 20 * SECOND, 1],
    ['others, one every 20 s', 20 * SECOND, 1_000],
    ['others, one every 5 s', 5 * SECOND, 1_000],
  ])(
    'single queries of %s get their call within 3 s in 95 of 100 cases',
    async (_, every, callers) => {
      const { greedy, others, demands } = setUp();
      greedy(2_000);
      const waits = await others(HOUR, every, callers);
      expect(waits.length).toBeGreaterThan(100);
      expect(partWithin(3 * SECOND, waits)).toBeGreaterThanOrEqual(0.95);
      expect(mostIn(MINUTE, demands.times)).toBeLessThanOrEqual(100);
      expect(mostIn(HOUR, demands.times)).toBeLessThanOrEqual(1_500);
    },
  );

  test('and two more do, single queries of others still do', async () => {
    const { steady, others } = setUp();
    for (const caller of ['1', '2', '3']) steady(caller, 'interactive');
    expect(partWithin(3 * SECOND, await others(HOUR, 20 * SECOND, 1_000))).toBeGreaterThanOrEqual(
      0.95,
    );
  });

  test('a second one who comes later gets as much of what comes back', async () => {
    const { clock, steady, demands } = setUp();
    steady('early', 'interactive');
    await clock.turn(HOUR);
    const before = demands.calls.length;
    steady('late', 'interactive');
    await clock.turn(HOUR);
    const late = demands.calls.slice(before).filter(({ caller }) => caller === 'late');
    expect(late.length).toBeGreaterThanOrEqual(LIMITS.hour * 0.45);
  });

  test('bulk callers get a tenth, and all when nobody else wants anything', async () => {
    const { clock, steady, demands } = setUp();
    steady('dashboard', 'interactive');
    steady('notebook', 'bulk');
    await clock.turn(2 * HOUR);
    const bulk = demands.calls.filter(({ caller }) => caller === 'notebook').length;
    expect(bulk).toBeGreaterThanOrEqual(2 * LIMITS.hour * 0.08);
    expect(bulk).toBeLessThanOrEqual(2 * LIMITS.hour * 0.2);
  });
});

describe('While anyone waits', () => {
  test.each([
    ['one caller', ['greedy'], 'interactive'],
    ['three callers', ['1', '2', '3'], 'interactive'],
    ['bulk callers alone', ['night', 'report'], 'bulk'],
  ] as const)(
    '%s: at least 95 %% of both hours is used, and no more than all of it',
    async (_, callers, priority) => {
      const { clock, steady, demands } = setUp();
      for (const caller of callers) steady(caller, priority);
      await clock.turn(2 * HOUR);
      const start = clock.now() - 2 * HOUR;
      const inFirst = demands.times.filter((at) => at < start + HOUR).length;
      expect(inFirst).toBeGreaterThanOrEqual(1_425);
      expect(demands.times.length - inFirst).toBeGreaterThanOrEqual(1_425);
      expect(mostIn(MINUTE, demands.times)).toBeLessThanOrEqual(100);
      expect(mostIn(HOUR, demands.times)).toBeLessThanOrEqual(1_500);
    },
  );
});
