import { describe, expect, test } from '@jest/globals';
import type { Spent } from '../../../src/defender/budget.ts';
import { MINUTE, rateLimit, SECOND, setUp } from './setting.ts';

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
