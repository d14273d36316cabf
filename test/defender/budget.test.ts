import { setMaxListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { createBudget, type Ask, type Spent } from '../../src/defender/budget.ts';
import { MemoryStore } from '../../src/defender/budget/memoryStore.ts';
import { Failure } from '../../src/errors.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { SimulatedClock } from './budget/simulatedClock.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const MARGIN = 1_000;

interface SetUp {
  readonly limits?: { minute: number; hour: number };
  readonly maxConcurrency?: number;
  readonly mostWaiting?: number;
}

function setUp({ limits = { minute: 100, hour: 1_500 }, ...rest }: SetUp = {}) {
  const clock = new SimulatedClock();
  const store = new MemoryStore({ clock, limits, marginMilliseconds: MARGIN });
  const logged: string[] = [];
  const budget = createBudget({
    clock,
    store,
    limits,
    maxConcurrency: 100,
    maxWaitMilliseconds: 2 * SECOND,
    log: createLog('debug', { write: (line) => void logged.push(line) }),
    random: () => 0,
    ...rest,
  });
  const made: { caller: string; at: number }[] = [];
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  let underWay = 0;
  let mostUnderWay = 0;

  /** Asks for one call, which Defender answers after `latency` as `answer` says. */
  function ask(
    caller = 'ann',
    options: Partial<Ask> = {},
    { latency = 100, answer = nothing } = {},
  ): Promise<Outcome> {
    return budget
      .run(
        { budget: 'contoso', caller, priority: 'interactive', signal, ...options },
        async (spent) => {
          made.push({ caller, at: clock.now() });
          underWay += 1;
          mostUnderWay = Math.max(mostUnderWay, underWay);
          await clock.sleep(latency);
          underWay -= 1;
          return answer(spent);
        },
      )
      .then(
        () => 'answered' as const,
        (error: unknown) => error,
      );
  }
  /** Lets ask so many callers, one after the other, until the minute is used up. */
  async function drain(): Promise<void> {
    for (let call = 0; call < limits.minute; call += 1) {
      const asked = ask(`drain ${call}`, {}, { latency: 0 });
      await clock.turn(0);
      expect(await asked).toBe('answered');
    }
  }
  const mostAtOnce = () => mostUnderWay;
  return { clock, store, budget, ask, drain, made, logged, mostAtOnce };
}

type Outcome = unknown;

const nothing: (spent: Spent) => unknown = (spent) => spent.answered();

function rateLimit(outcome: Outcome): { message: string; seconds: number } {
  if (!(outcome instanceof Failure) || outcome.code !== 'RATE_LIMITED') throw outcome;
  return { message: outcome.message, seconds: outcome.details.retryAfterSeconds ?? 0 };
}

describe('A call', () => {
  test('that nobody waits for is made as well where the store takes a moment to answer', async () => {
    const { clock, store, ask, made } = setUp();
    const take = store.take.bind(store);
    store.take = async (...args) => {
      await clock.sleep(20);
      return take(...args);
    };
    const asked = ask('ann', { priority: 'spare' });
    await clock.turn(SECOND);
    expect(await asked).toBe('answered');
    expect(made).toHaveLength(1);
  });

  test('is made at once where there is budget, and its result is passed on', async () => {
    const { clock, budget, made } = setUp();
    const { signal } = new AbortController();
    const ask = { budget: 'contoso', caller: 'ann', priority: 'interactive', signal } as const;
    const result = budget.run(ask, async () => {
      made.push({ caller: 'ann', at: clock.now() });
      return 42;
    });
    await clock.turn(0);
    expect(made).toEqual([{ caller: 'ann', at: clock.now() }]);
    expect(await result).toBe(42);
    await expect(
      budget.run(ask, async () => {
        throw new TypeError('broken');
      }),
    ).rejects.toThrow('broken');
    const { minute, hour } = await budget.read('contoso');
    expect(minute).toEqual({ limit: 100, remaining: 98, resetsAt: clock.now() + MINUTE + MARGIN });
    expect(hour.remaining).toBe(1_498);
  });

  test('costs nothing where Defender answers 401', async () => {
    const { ask, clock, budget } = setUp();
    const asked = ask('ann', {}, { answer: (spent) => spent.refund() });
    await clock.turn(50);
    expect((await budget.read('contoso')).minute.remaining).toBe(99);
    await clock.turn(50);
    await asked;
    expect((await budget.read('contoso')).minute.remaining).toBe(100);
  });

  test('waits for a slot', async () => {
    const { ask, clock, made, mostAtOnce } = setUp({ maxConcurrency: 4 });
    const first = ask('ann');
    await clock.turn(100);
    const asked = Array.from({ length: 20 }, () => ask('ann'));
    await clock.turn(1_000);
    expect(await Promise.all([first, ...asked])).toEqual(Array(21).fill('answered'));
    expect(mostAtOnce()).toBe(4);
    expect(made).toHaveLength(21);
  });

  test('of another budget has the slot that one budget holds in vain', async () => {
    const { ask, drain, clock } = setUp({ maxConcurrency: 1, limits: { minute: 5, hour: 100 } });
    await drain();
    const asked = [ask('zoe'), ask('ann', { budget: 'fabrikam' })];
    await clock.turn(100);
    expect(rateLimit(await asked[0]).message).toContain('5 Defender calls a minute');
    expect(await asked[1]).toBe('answered');
  });

  test('is not made for a caller who has gone away', async () => {
    const { ask, clock, made, budget } = setUp({ maxConcurrency: 1 });
    const controller = new AbortController();
    const asked = [ask('ann'), ask('bob', { signal: controller.signal })];
    await clock.turn(50);
    controller.abort(new Error('gone'));
    await clock.turn(1_000);
    expect(await asked[1]).toEqual(new Error('gone'));
    expect(made.map(({ caller }) => caller)).toEqual(['ann']);
    expect((await budget.read('contoso')).minute.remaining).toBe(99);
    expect(await ask('bob', { signal: controller.signal })).toEqual(new Error('gone'));
  });

  test('that is taken while its caller goes away costs nothing and holds no slot', async () => {
    const { ask, clock, made, budget } = setUp({ maxConcurrency: 1 });
    const controller = new AbortController();
    const asked = ask('ann', { signal: controller.signal });
    controller.abort(new Error('gone'));
    expect(await asked).toEqual(new Error('gone'));
    await clock.turn(0);
    expect(made).toEqual([]);
    expect((await budget.read('contoso')).minute.remaining).toBe(100);
    const next = ask('ann');
    await clock.turn(100);
    expect(await next).toBe('answered');
  });
});

describe('A caller for whom there is no budget', () => {
  test('is told at once, with the window and when to come back', async () => {
    const { ask, drain, clock, made } = setUp();
    await drain();
    await clock.turn(20 * SECOND);
    const refused = ask('zoe');
    await clock.turn(0);
    const { message, seconds } = rateLimit(await refused);
    expect(message).toBe(
      'Your share of the 100 Defender calls a minute that this application has is used up. Ask for this user again in 41 s.',
    );
    expect(seconds).toBe(41);
    await clock.turn(41 * SECOND);
    const asked = ask('zoe');
    await clock.turn(100);
    expect(await asked).toBe('answered');
    expect(made).toHaveLength(101);
  });

  test('waits where budget comes back within the longest wait', async () => {
    const { ask, drain, clock, made } = setUp();
    await drain();
    await clock.turn(MINUTE + MARGIN - 1_500);
    const asked = ask('zoe');
    await clock.turn(1_499);
    expect(made).toHaveLength(100);
    await clock.turn(101);
    expect(await asked).toBe('answered');
  });

  test('waits no longer than that for a slot', async () => {
    const { ask, clock } = setUp({ maxConcurrency: 1 });
    void ask('ann', {}, { latency: 10 * SECOND });
    const asked = ask('bob');
    await clock.turn(2 * SECOND);
    expect(rateLimit(await asked).message).toContain('connections to Defender are busy');
  });

  test('is told when each of many calls will be possible', async () => {
    const { ask, clock } = setUp();
    const first = ask();
    await clock.turn(100);
    const asked = Array.from({ length: 300 }, () => ask());
    await clock.turn(3 * SECOND);
    const outcomes = await Promise.all([first, ...asked]);
    const seconds = outcomes
      .filter((outcome) => outcome !== 'answered')
      .map((outcome) => rateLimit(outcome).seconds);
    expect(seconds.length).toBeGreaterThan(210);
    expect(seconds.toSorted((a, b) => a - b)).toEqual(seconds);
    expect(seconds[0]).toBeLessThanOrEqual(5);
    // 300 calls at 100 a minute.
    expect(seconds.at(-1)).toBeGreaterThan(120);
    expect(seconds.at(-1)).toBeLessThan(200);
  });

  test.each([
    [5, 1],
    [20, 1],
    [20, 4],
    [100, 1],
    [100, 12],
  ])(
    'of %i calls a minute, beside %i who ask as much, gets its call when it comes back as told',
    async (minute, callers) => {
      const { ask, clock } = setUp({ limits: { minute, hour: 1_500 } });
      const others = Array.from({ length: callers - 1 }, (_, index) => `other ${index}`);
      const spend = (name: string) => Array.from({ length: minute }, () => ask(name));
      for (const other of others) void spend(other);
      await clock.turn(3 * SECOND);
      const own = spend('ann');
      await clock.turn(3 * SECOND);
      const refusals = (await Promise.all(own)).filter((outcome) => outcome !== 'answered');
      const soonest = Math.min(...refusals.map((outcome) => rateLimit(outcome).seconds));
      // They were refused up to three seconds ago.
      await clock.turn(soonest * SECOND);
      const asked = ask('ann');
      await clock.turn(2 * SECOND + 100);
      expect(await asked).toBe('answered');
    },
  );

  test('is told that the hour has run out where it has', async () => {
    const { ask, drain, clock, budget } = setUp({ limits: { minute: 10, hour: 10 } });
    await drain();
    await clock.turn(10 * MINUTE);
    const refused = ask('zoe');
    await clock.turn(0);
    const { message, seconds } = rateLimit(await refused);
    expect(message).toContain('10 Defender calls an hour');
    expect(seconds).toBe(50 * 60 + 1);
    const ann = { budget: 'contoso', caller: 'zoe', priority: 'interactive' } as const;
    expect(await budget.readyAt(ann, 1)).toBe(clock.now() + 50 * MINUTE + MARGIN);
    expect(await budget.readyAt(ann, 0)).toBe(clock.now());
  });
});

describe('A 429', () => {
  const tooMany = (seconds: number | undefined, message = '') => ({
    latency: 100,
    answer: (spent: Spent) => spent.refused(seconds && seconds * SECOND, message),
  });

  test('stops everybody until its Retry-After has passed, and no longer', async () => {
    const { ask, clock, made, budget } = setUp();
    void ask('ann', {}, tooMany(12));
    await clock.turn(100);
    const until = clock.now() + 12 * SECOND;
    expect((await budget.read('contoso')).pausedUntil).toBe(until);
    const asked = [ask('bob'), ask('bob', { priority: 'bulk' }), ask('ann')];
    await clock.turn(0);
    for (const outcome of asked) {
      expect(rateLimit(await outcome)).toEqual({
        message: 'Defender has told this application to pause. Ask for this user again in 12 s.',
        seconds: 12,
      });
    }
    await clock.turn(11 * SECOND);
    const early = ask('bob');
    await clock.turn(2 * SECOND);
    expect(await early).toBe('answered');
    expect(made.map(({ at }) => at).filter((at) => at > until - 12 * SECOND)).toEqual([until]);
  });

  test('turns away those who wait', async () => {
    const { ask, clock, made } = setUp({ maxConcurrency: 1 });
    void ask('ann', {}, tooMany(30));
    const asked = ask('bob');
    await clock.turn(100);
    expect(rateLimit(await asked).seconds).toBe(30);
    expect(made).toHaveLength(1);
  });

  test('is paid for', async () => {
    const { ask, clock, budget } = setUp();
    void ask('ann', {}, tooMany(1));
    await clock.turn(100);
    expect((await budget.read('contoso')).minute.remaining).toBe(99);
  });

  test('that names a smaller limit lowers ours, and is logged once', async () => {
    const { ask, clock, budget, logged } = setUp();
    const message = 'API calls quota exceeded! maximum allowed 60 per 00:01:00.';
    void ask('ann', {}, tooMany(1, message));
    void ask('ann', {}, tooMany(1, message));
    void ask('ann', {}, tooMany(1, 'maximum allowed 500 per 00:01:00'));
    await clock.turn(100);
    expect((await budget.read('contoso')).minute).toMatchObject({ limit: 60, remaining: 57 });
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      { window: 'minute', limit: 60, configured: 100 },
    ]);
  });
});

describe('Whoever asks much', () => {
  test('takes turns with others at the slots', async () => {
    const { ask, clock, made } = setUp({ maxConcurrency: 8 });
    for (const caller of ['greedy', 'ann']) void ask(caller, {}, { latency: 0 });
    await clock.turn(0);
    for (let call = 0; call < 60; call += 1) void ask('greedy');
    void ask('ann');
    await clock.turn(100);
    expect(made.slice(2, 12).map(({ caller }) => caller)).toContain('ann');
  });

  test('does not push others out of the queue', async () => {
    const { ask, clock } = setUp({ maxConcurrency: 1, mostWaiting: 10 });
    void ask('greedy', {}, { latency: 500 });
    const greedy = Array.from({ length: 20 }, () => ask('greedy'));
    const ann = ask('ann');
    await clock.turn(0);
    const full = await Promise.all(greedy.slice(8));
    for (const outcome of full) {
      expect(rateLimit(outcome).message).toContain('Too many calls wait');
    }
    await clock.turn(3 * SECOND);
    expect(await ann).toBe('answered');
    await Promise.all(greedy);
  });
});

describe('A flood of invented tokens', () => {
  const unauthenticated = { latency: 200, answer: (spent: Spent) => spent.refund() };

  test('holds a few of a budget’s calls only, each until its 401', async () => {
    const { ask, clock, budget } = setUp({ maxConcurrency: 20 });
    for (let token = 0; token < 1_000; token += 1) void ask(`token ${token}`, {}, unauthenticated);
    await clock.turn(100);
    expect((await budget.read('contoso')).minute.remaining).toBe(95);
    await clock.turn(5 * SECOND);
    expect((await budget.read('contoso')).minute.remaining).toBe(100);
  });

  test('from one token holds fewer still', async () => {
    const { ask, clock, budget } = setUp({ maxConcurrency: 100 });
    for (let call = 0; call < 1_000; call += 1) void ask('token', {}, unauthenticated);
    await clock.turn(100);
    expect((await budget.read('contoso')).minute.remaining).toBe(96);
  });

  test('does not keep callers waiting whom Defender has answered', async () => {
    const { ask, clock } = setUp({ maxConcurrency: 20, mostWaiting: 500 });
    const first = ask('ann');
    await clock.turn(100);
    expect(await first).toBe('answered');
    for (let token = 0; token < 2_000; token += 1) {
      void ask(`token ${token}`, { budget: `invented ${token % 50}` }, unauthenticated);
      void ask(`stranger ${token}`, {}, unauthenticated);
    }
    const asked = Array.from({ length: 10 }, () => ask('ann'));
    await clock.turn(100);
    expect(await Promise.all(asked)).toEqual(Array(10).fill('answered'));
  });

  test('leaves nothing behind', async () => {
    const { ask, clock, store } = setUp({ maxConcurrency: 20 });
    for (let token = 0; token < 500; token += 1) {
      void ask(`token ${token}`, { budget: `invented ${token}` }, unauthenticated);
    }
    await clock.turn(MINUTE);
    expect(store.size).toBe(0);
  });

  test('costs less than a look at all budgets for each that is refused', async () => {
    const { ask, clock, store } = setUp({ maxConcurrency: 8 });
    const budgets = 400;
    for (let name = 0; name < budgets; name += 1) await store.pause(`paused ${name}`, 1_500);
    let looks = 0;
    const { now } = clock;
    const counted = () => {
      looks += 1;
      return now();
    };
    Object.assign(clock, { now: counted });
    for (let name = 0; name < budgets; name += 1) void ask(`${name}`, { budget: `paused ${name}` });
    await clock.turn(0);
    expect(looks / budgets).toBeLessThan(budgets);
  });
});
