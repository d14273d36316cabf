import { describe, expect, test } from '@jest/globals';
import type { Spent } from '../../../src/defender/budget.ts';
import { rateLimit, SECOND, setUp } from './setting.ts';

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
