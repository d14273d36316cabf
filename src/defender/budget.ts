import { LRUCache } from 'lru-cache';
import type { Priority } from '../auth/caller.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../telemetry/log.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import { forecast } from './budget/forecast.ts';
import { limitIn, pauseOf } from './budget/lesson.ts';
import { Lines } from './budget/lines.ts';
import { Pauses } from './budget/pauses.ts';
import { rateLimited } from './budget/rateLimited.ts';
import { Slots } from './budget/slots.ts';
import type { WindowStanding } from './budget/standing.ts';
import { accountOf, type BudgetStore, type Limits } from './budget/store.ts';

export interface Ask {
  /** Tenant and application: what Defender counts by. May be invented. */
  readonly budget: string;
  /** Whose turn it is: the caller's partition. */
  readonly caller: string;
  /** Whether it is known for certain that there is such a caller. */
  readonly isVerified?: boolean;
  /** Bulk uses what interactive callers leave, down to a tenth; spare what nobody waits for, of the first half. */
  readonly priority: Priority;
  readonly signal: AbortSignal;
  readonly record?: RequestRecord | undefined;
}

/** What Defender said to a call that has been paid for. */
export interface Spent {
  /** After an answer that only a caller with a token of Defender's gets: from now on it may use every slot. */
  answered(): void;
  /** After a 401: it costs nothing. */
  refund(): void;
  /**
   * After a 429: nobody calls on this budget for the milliseconds that are returned. Retry-After is undefined where the
   * answer names none; a smaller limit in the error's `message` lowers ours.
   */
  refused(retryAfterMilliseconds: number | undefined, message: string): number;
}

interface WindowReading {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds since the epoch at which all calls will have come back if no more are made. */
  readonly resetsAt: number;
}

export interface BudgetReading {
  readonly minute: WindowReading;
  readonly hour: WindowReading;
  /** Milliseconds since the epoch. */
  readonly pausedUntil: number | undefined;
}

/** Leave to make one call, paid for by each attempt and each page. */
export interface Budget {
  /**
   * Runs `call` when it is the caller's turn, a slot is free and both windows have room. Rejects with a Failure
   * RATE_LIMITED where that is not to be within the longest wait, or with the signal's reason.
   */
  run<T>(ask: Ask, call: (spent: Spent) => Promise<T>): Promise<T>;
  /** Names of the budgets that Defender has answered lately, and that nobody can have invented. */
  readonly answered: () => readonly string[];
  /**
   * Milliseconds since the epoch: the end of the last pause that Defender told this process of, or a replica; 0 where it
   * told of none. However often it is asked, it asks a shared store once a second at most.
   */
  readonly pausedUntil: () => Promise<number>;
  /** Spends nothing. */
  read(budget: string): Promise<BudgetReading>;
  /** Milliseconds since the epoch at which so many calls can have been made for a caller, as far as known. */
  readyAt(ask: Omit<Ask, 'signal'>, calls: number): Promise<number>;
}

export interface BudgetOptions {
  readonly clock: Clock;
  readonly store: BudgetStore;
  readonly limits: Limits;
  readonly maxConcurrency: number;
  readonly maxWaitMilliseconds: number;
  readonly mostWaiting?: number;
  readonly log: Log;
  readonly random?: () => number;
}

/** Asks that may wait at once, of all callers. */
const MOST_WAITING = 10_000;
/** Of a window, what may be used before nothing more is asked for ahead of need. */
const SPARE_PART = 0.5;
/** Milliseconds for what nobody waits for: no more than a shared store needs to answer. */
const SPARE_WAIT = 250;
const MOST_LESSONS_LOGGED = 1_000;

export function createBudget(options: BudgetOptions): Budget {
  const { clock, store, limits, maxConcurrency, maxWaitMilliseconds, log } = options;
  const { mostWaiting = MOST_WAITING, random = Math.random } = options;
  const slots = new Slots(maxConcurrency);
  const lines = new Lines({ store, slots, clock, limits, mostWaiting });
  const pauses = new Pauses(store, clock);
  const logged = new LRUCache<string, true>({ max: MOST_LESSONS_LOGGED });

  return {
    async run({ budget, caller, isVerified, priority, signal }, call) {
      signal.throwIfAborted();
      if (isVerified) slots.trust(caller);
      const isSpare = priority === 'spare';
      if (isSpare && !(await isPlenty(budget, caller))) throw rateLimited('spare', 1_000, limits);
      const place = { budget, caller, isBulk: priority !== 'interactive' };
      const turn = await lines.turn(place, signal, isSpare ? SPARE_WAIT : maxWaitMilliseconds);
      let isAnswered = false;
      const answered = () => {
        isAnswered = true;
        pauses.answered(budget);
      };
      const refund = () => {
        void store.refund(budget, turn.call).then(() => lines.retry(budget));
      };
      const refused = (retryAfterMilliseconds: number | undefined, message: string) => {
        const pause = pauseOf(retryAfterMilliseconds, random);
        pauses.told(clock.now() + pause);
        void store.pause(budget, pause).then(() => lines.retry(budget));
        learn(budget, message);
        return pause;
      };
      try {
        const result = await call({ answered, refund, refused });
        turn.release(isAnswered);
        return result;
      } catch (error) {
        turn.release(false);
        throw error;
      } finally {
        lines.serve();
      }
    },

    answered: () => pauses.budgets,
    pausedUntil: () => pauses.until(),

    async read(budget) {
      const { minute, hour, pausedFor } = await store.read(budget, accountOf('', false));
      const now = clock.now();
      return {
        minute: reading(minute, now),
        hour: reading(hour, now),
        pausedUntil: pausedFor > 0 ? now + pausedFor : undefined,
      };
    },

    async readyAt({ budget, caller, priority }, calls) {
      const account = accountOf(caller, priority !== 'interactive');
      const standing = await store.read(budget, account);
      return clock.now() + (calls > 0 ? forecast(standing, account, calls, 0).wait : 0);
    },
  };

  async function isPlenty(budget: string, caller: string): Promise<boolean> {
    if (lines.isWaitedFor(budget)) return false;
    const { minute, hour, pausedFor } = await store.read(budget, accountOf(caller, true));
    return pausedFor === 0 && [minute, hour].every(({ used, limit }) => used < limit * SPARE_PART);
  }

  function learn(budget: string, message: string): void {
    const lesson = limitIn(message);
    if (!lesson || lesson.limit >= limits[lesson.window]) return;
    void store.teach(budget, lesson.window, lesson.limit);
    const key = `${lesson.window} ${lesson.limit} ${budget}`;
    if (logged.has(key)) return;
    logged.set(key, true);
    log.warn(
      { budget, ...lesson, configured: limits[lesson.window] },
      'Defender names a smaller limit than is configured: keeping to it for an hour',
    );
  }
}

function reading({ limit, used, last }: WindowStanding, now: number): WindowReading {
  return { limit, remaining: Math.max(0, limit - used), resetsAt: now + last };
}
