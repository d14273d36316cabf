import {
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  isBrokenCircuitError,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { Failure, type FailureCode } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Attempt, Attempted } from './attempt.ts';

export interface BreakerOptions {
  /** So many failures in a row of one budget, of whatever users, mean that Defender is down. */
  readonly failures: number;
  /** Milliseconds until one call probes whether it is back. */
  readonly restMilliseconds: number;
  readonly log: Log;
}

const DOWN: ReadonlySet<FailureCode> = new Set(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']);

/** Budgets may be invented. Who is pushed out is counted anew. */
const MOST_BUDGETS = 1_000;

/**
 * While Defender is down, calls fail at once and cost nothing; one at a time probes. Each budget has a breaker of its own:
 * what one tenant's users do to Defender, or an invented token, does not stop another tenant.
 */
export function guarded(
  next: Attempt,
  { failures, restMilliseconds, log }: BreakerOptions,
): Attempt {
  const breakers = new LRUCache<string, CircuitBreakerPolicy>({ max: MOST_BUDGETS });
  const breakerOf = (budget: string) => {
    const known = breakers.get(budget);
    if (known) return known;
    const breaker = circuitBreaker(
      handleWhen((error) => error instanceof Failure && DOWN.has(error.code)).orWhenResult(
        (answer) => (answer as Attempted).status >= 500,
      ),
      { halfOpenAfter: restMilliseconds, breaker: new ConsecutiveBreaker(failures) },
    );
    breaker.onBreak(() => log.warn({ budget, failures }, 'Defender is down: calls rest'));
    breaker.onReset(() => log.info({ budget }, 'Defender is back'));
    breakers.set(budget, breaker);
    return breaker;
  };

  return async (caller, path, token, signal) => {
    const breaker = breakerOf(caller.budget);
    try {
      return await breaker.execute(() => next(caller, path, token, signal));
    } catch (error) {
      throw isBrokenCircuitError(error) ? resting(restMilliseconds) : error;
    }
  };
}

function resting(milliseconds: number): Failure {
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    `Defender has failed several times in a row and is given a rest. Try again in ${milliseconds / 1_000} s.`,
  );
}
