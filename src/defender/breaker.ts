import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  handleWhenResult,
  isBrokenCircuitError,
  type FailureReason,
  type IHalfOpenAfterBackoffContext,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { Failure, type FailureCode } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Attempt, Attempted } from './attempt.ts';

export interface BreakerOptions {
  /** So many failures in a row mean that Defender is down. */
  readonly failures: number;
  /** Of which one user can make so many. */
  readonly failuresOfOneUser: number;
  /** Milliseconds until one call probes whether it is back. */
  readonly restMilliseconds: number;
  readonly log: Log;
}

type Outcome = { readonly answer: Attempted } | { readonly error: unknown };

const DOWN: ReadonlySet<FailureCode> = new Set(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']);

/** Budgets may be invented. Who is pushed out is counted anew. */
const MOST_BUDGETS = 1_000;

/**
 * While Defender is down, calls fail at once and cost nothing; one at a time probes. Each budget has a breaker of its
 * own: what one tenant's users do to Defender, or an invented token, does not stop another tenant.
 */
export function guarded(next: Attempt, options: BreakerOptions): Attempt {
  const guards = new LRUCache<string, Guard>({ max: MOST_BUDGETS });

  return (caller, path, token, signal) => {
    let guard = guards.get(caller.budget);
    if (!guard) guards.set(caller.budget, (guard = createGuard(caller.budget, options)));
    const isSpare = caller.priority === 'spare';
    return guard(path, isSpare, signal, () => next(caller, path, token, signal));
  };
}

type Guard = (
  path: string,
  isSpare: boolean,
  signal: AbortSignal,
  call: () => Promise<Attempted>,
) => Promise<Attempted>;

/** What a call says of Defender. `gone`: its caller did not wait for the answer. */
type Verdict = 'up' | 'down' | 'gone';

/**
 * One user for whom Defender always fails does not rest the calls for all others; and a probe that ends without an
 * answer, for want of budget or because its caller has gone, does not end the rest. Nor does who goes begin another:
 * the next call probes at once. What nobody waits for does not probe: without budget to spare it would only prolong the
 * rest for those who wait.
 */
function createGuard(budget: string, options: BreakerOptions): Guard {
  const { failures, failuresOfOneUser, restMilliseconds, log } = options;
  const failuresOf = new LRUCache<string, number>({ max: failures });
  const inARow = new ConsecutiveBreaker(failures);
  const breaker = circuitBreaker(
    handleWhenResult((verdict) => verdict !== 'up'),
    {
      halfOpenAfter: new DelegateBackoff(({ result }: IHalfOpenAfterBackoffContext) =>
        isGone(result) ? 0 : restMilliseconds,
      ),
      breaker: inARow,
    },
  );
  breaker.onBreak((reason) => {
    if ('isolated' in reason || isGone(reason)) return;
    log.warn({ budget, failures }, 'Defender is down: calls rest');
  });
  breaker.onReset(() => log.info({ budget }, 'Defender is back'));

  const mayCount = (path: string) => {
    const times = failuresOf.get(path) ?? 0;
    failuresOf.set(path, times + 1);
    return times < failuresOfOneUser;
  };

  const isUpAgain = (outcome: Outcome): boolean => {
    if (!isUp(outcome)) return false;
    if (failuresOf.size > 0) failuresOf.clear();
    return true;
  };

  /** While nothing rests, the breaker is told of failures alone: it keeps two dozen objects for each call that it makes. */
  const callAtOnce = async (path: string, call: () => Promise<Attempted>): Promise<Attempted> => {
    const outcome = await outcomeOf(call);
    if (isUpAgain(outcome)) inARow.success();
    else if (isDown(outcome) && mayCount(path) && breaker.state === CircuitState.Closed) {
      await breaker.execute(async (): Promise<Verdict> => 'down');
    }
    return answerIn(outcome);
  };

  const probeOrRest = async (signal: AbortSignal, call: () => Promise<Attempted>) => {
    let outcome: Outcome | undefined;
    try {
      await breaker.execute(async (): Promise<Verdict> => {
        outcome = await outcomeOf(call);
        if (isUpAgain(outcome)) return 'up';
        return signal.aborted ? 'gone' : 'down';
      });
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error;
    }
    return answerIn(outcome ?? { error: resting(restMilliseconds) });
  };

  const isHalfOpen = () => breaker.state === CircuitState.HalfOpen;
  let probe: Promise<unknown> = Promise.resolve();
  const callInTurn: Guard = async (path, isSpare, signal, call) => {
    if (isSpare) throw resting(restMilliseconds);
    // Not left to the breaker: there, each of a thousand who have gone would probe, and wake all others again.
    while (isHalfOpen()) {
      await probe.catch(() => {});
      signal.throwIfAborted();
    }
    if (breaker.state === CircuitState.Closed) return callAtOnce(path, call);
    const answer = probeOrRest(signal, call);
    if (isHalfOpen()) probe = answer;
    return answer;
  };

  return (path, isSpare, signal, call) =>
    breaker.state === CircuitState.Closed
      ? callAtOnce(path, call)
      : callInTurn(path, isSpare, signal, call);
}

async function outcomeOf(call: () => Promise<Attempted>): Promise<Outcome> {
  try {
    return { answer: await call() };
  } catch (error) {
    return { error };
  }
}

function answerIn(outcome: Outcome): Attempted {
  if ('answer' in outcome) return outcome.answer;
  throw outcome.error;
}

function isGone(reason: FailureReason<unknown>): boolean {
  return 'value' in reason && reason.value === 'gone';
}

function isUp(outcome: Outcome): boolean {
  return 'answer' in outcome && outcome.answer.status < 500;
}

function isDown(outcome: Outcome): boolean {
  if ('answer' in outcome) return outcome.answer.status >= 500;
  return outcome.error instanceof Failure && DOWN.has(outcome.error.code);
}

function resting(milliseconds: number): Failure {
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    `Defender has failed several times in a row and is given a rest. Try again in ${milliseconds / 1_000} s.`,
  );
}
