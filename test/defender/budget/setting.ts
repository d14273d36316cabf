import { setMaxListeners } from 'node:events';
import { expect } from '@jest/globals';
import { createBudget, type Ask, type Spent } from '../../../src/defender/budget.ts';
import { MemoryStore } from '../../../src/defender/budget/memoryStore.ts';
import { Failure } from '../../../src/errors.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { SimulatedClock } from './simulatedClock.ts';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const MARGIN = 1_000;

interface SetUp {
  readonly limits?: { minute: number; hour: number };
  readonly maxConcurrency?: number;
  readonly mostWaiting?: number;
}

/** A budget in memory on a clock that the test turns, and a Defender that answers as the test says. */
export function setUp({ limits = { minute: 100, hour: 1_500 }, ...rest }: SetUp = {}) {
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

/** What a refused caller is told. */
export function rateLimit(outcome: Outcome): { message: string; seconds: number } {
  if (!(outcome instanceof Failure) || outcome.code !== 'RATE_LIMITED') throw outcome;
  return { message: outcome.message, seconds: outcome.details.retryAfterSeconds ?? 0 };
}
