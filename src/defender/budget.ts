import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Clock } from '../clock.ts';
import { rateLimited } from './refusal.ts';

export interface Ask {
  /** Tenant and application: what Defender counts by. */
  readonly budget: string;
  readonly signal: AbortSignal;
}

export interface Spent {
  /** After a 429: nobody calls on this budget before its time has passed. Undefined where the answer names no time. */
  refused(retryAfterMilliseconds: number | undefined): number;
}

/** Leave to make one call, paid for by each attempt and each page. */
export interface Budget {
  /** Runs `call` once it has a slot. Rejects with a Failure RATE_LIMITED, or with the signal's reason. */
  run<T>(ask: Ask, call: (spent: Spent) => Promise<T>): Promise<T>;
}

export interface BudgetOptions {
  readonly clock: Clock;
  readonly maxConcurrency: number;
}

/** Where a 429 names no time: half of the shorter of Defender's two windows. */
const UNNAMED_PAUSE = 30_000;
/** In forward mode the names come from claims that nobody has verified, so their number is bounded. */
const MOST_BUDGETS = 10_000;

export function createBudget({ clock, maxConcurrency }: BudgetOptions): Budget {
  const slots = pLimit(maxConcurrency);
  const pausedUntil = new LRUCache<string, number>({ max: MOST_BUDGETS });

  return {
    run: ({ budget, signal }, call) =>
      slots(async () => {
        signal.throwIfAborted();
        const wait = (pausedUntil.get(budget) ?? 0) - clock.now();
        if (wait > 0) throw rateLimited(wait);
        return call({
          refused(retryAfterMilliseconds = UNNAMED_PAUSE) {
            const until = clock.now() + retryAfterMilliseconds;
            pausedUntil.set(budget, Math.max(until, pausedUntil.get(budget) ?? 0));
            return retryAfterMilliseconds;
          },
        });
      }),
  };
}
