import { describe, expect, test } from '@jest/globals';
import { Turns, type Queue } from '../../../src/defender/budget/turns.ts';

function queueOf(caller: string, waiting: number, isBulk = false): Queue<number> {
  return { caller, isBulk, waiting: new Set(Array.from({ length: waiting }, (_, index) => index)) };
}

function turnsOf(...queues: Queue<number>[]): Turns<number, Queue<number>> {
  const turns = new Turns<number, Queue<number>>();
  for (const queue of queues) turns.join(queue);
  return turns;
}

/** Who is served, one call after the other. */
function served(turns: Turns<number, Queue<number>>, calls: number): string[] {
  return Array.from({ length: calls }, () => {
    const queue = turns.next(({ waiting }) => waiting.size > 0);
    if (!queue) return '';
    turns.served(queue);
    queue.waiting.delete([...queue.waiting][0] ?? -1);
    return queue.caller;
  });
}

describe('Turns', () => {
  test('go by caller, not by arrival', () => {
    const turns = turnsOf(queueOf('greedy', 2_000), queueOf('ann', 2), queueOf('bob', 1));
    expect(served(turns, 7)).toEqual(['greedy', 'ann', 'bob', 'greedy', 'ann', 'greedy', 'greedy']);
  });

  test('are given to bulk callers where nobody else waits, in turn too', () => {
    const turns = turnsOf(queueOf('night', 5, true), queueOf('report', 5, true), queueOf('ann', 1));
    expect(served(turns, 4)).toEqual(['ann', 'night', 'report', 'night']);
  });

  test('are given to bulk callers once in ten where others wait', () => {
    const turns = turnsOf(queueOf('ann', 500), queueOf('bob', 500), queueOf('night', 500, true));
    const calls = served(turns, 200);
    expect(calls.filter((caller) => caller === 'night')).toHaveLength(20);
  });

  test('skip those that can not be served', () => {
    const turns = turnsOf(queueOf('paused', 5), queueOf('ann', 5));
    expect(turns.next(({ caller }) => caller !== 'paused')?.caller).toBe('ann');
    expect(turns.next(() => false)).toBeUndefined();
  });

  test('tell who goes first: one of each other caller for each of one’s own', () => {
    const ann = queueOf('ann', 0);
    const night = queueOf('night', 0, true);
    const turns = turnsOf(queueOf('greedy', 2_000), queueOf('bob', 3), ann, night);
    expect(turns.ahead(ann, 1)).toBe(2);
    expect(turns.ahead(ann, 10)).toBe(13);
    expect(turns.ahead(night, 1)).toBe(2_003);
  });

  test('keep one queue for each caller and priority', () => {
    const turns = turnsOf(queueOf('ann', 1), queueOf('ann', 1, true));
    expect(turns.size).toBe(2);
    expect(turns.of('ann', true)?.isBulk).toBe(true);
    expect(turns.of('bob', true)).toBeUndefined();
  });
});
