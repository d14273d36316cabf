import { describe, expect, test } from '@jest/globals';
import { MARGIN, MINUTE, rateLimit, SECOND, setUp } from './budget/setting.ts';

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

  test('of one budget and of another take turns at the slots', async () => {
    const { ask, clock, made } = setUp({ maxConcurrency: 1 });
    const first = ask('ann', { budget: 'contoso' });
    const asked = ['contoso', 'contoso', 'contoso', 'fabrikam', 'fabrikam'].map((budget) =>
      ask(budget, { budget }),
    );
    await clock.turn(1_000);
    expect(await Promise.all([first, ...asked])).toEqual(Array(6).fill('answered'));
    const [, ...turns] = made.map(({ caller }) => caller);
    expect(turns).toEqual(['fabrikam', 'contoso', 'fabrikam', 'contoso', 'contoso']);
  });

  test('does not go ahead of one that waits for the moment in which it comes', async () => {
    const { ask, clock, drain, made } = setUp({ limits: { minute: 5, hour: 100 } });
    await drain();
    const [first] = made;
    const back = (first?.at ?? 0) + MINUTE + MARGIN;
    const before = made.length;
    const late: Promise<unknown>[] = [];
    clock.after(back - clock.now(), () => void late.push(ask('late')));
    await clock.turn(back - clock.now() - SECOND);
    const early = ask('early');
    await clock.turn(SECOND);
    expect(made[before]?.caller).toBe('early');
    await clock.turn(MINUTE);
    await Promise.all([early, ...late]);
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
