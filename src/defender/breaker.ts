import { circuitBreaker, ConsecutiveBreaker, handleWhen, isBrokenCircuitError } from 'cockatiel';
import { Failure, type FailureCode } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Attempt, Attempted } from './attempt.ts';

export interface BreakerOptions {
  /** So many failures in a row, of whatever users, mean that Defender is down. */
  readonly failures: number;
  /** Milliseconds until one call probes whether it is back. */
  readonly restMilliseconds: number;
  readonly log: Log;
}

const DOWN: ReadonlySet<FailureCode> = new Set(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']);

/** While Defender is down, calls fail at once and cost nothing; one at a time probes. */
export function guarded(
  next: Attempt,
  { failures, restMilliseconds, log }: BreakerOptions,
): Attempt {
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof Failure && DOWN.has(error.code)).orWhenResult(
      (answer) => (answer as Attempted).status >= 500,
    ),
    { halfOpenAfter: restMilliseconds, breaker: new ConsecutiveBreaker(failures) },
  );
  breaker.onBreak(() => log.warn({ failures }, 'Defender is down: calls rest'));
  breaker.onReset(() => log.info('Defender is back'));

  return async (caller, path, token, signal) => {
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
