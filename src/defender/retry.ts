import { DelegateBackoff, handleWhen, retry } from 'cockatiel';
import { Failure } from '../errors.ts';
import type { Attempt, Attempted } from './attempt.ts';
import { isBrokenConnection } from './request.ts';

/** Milliseconds before the second attempt, spread so that a batch that broke together does not return together. */
const BACKOFF = { least: 50, most: 250 };
const GATEWAY_STATUS = [502, 503, 504];

/** One second attempt where the connection broke or a gateway answered in Defender's place; none for the rest. */
export function retried(next: Attempt, random: () => number = Math.random): Attempt {
  const policy = retry(
    handleWhen((error) => error instanceof Failure && isBrokenConnection(error)).orWhenResult(
      (answer) => GATEWAY_STATUS.includes((answer as Attempted).status),
    ),
    {
      maxAttempts: 1,
      backoff: new DelegateBackoff(() => BACKOFF.least + random() * (BACKOFF.most - BACKOFF.least)),
    },
  );
  return (caller, path, token, signal) =>
    policy.execute(() => next(caller, path, token, signal), signal);
}
