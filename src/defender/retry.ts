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
    handleWhen(isBroken).orWhenResult((answer) => isOfGateway(answer as Attempted)),
    {
      maxAttempts: 1,
      backoff: new DelegateBackoff(() => BACKOFF.least + random() * (BACKOFF.most - BACKOFF.least)),
    },
  );

  return (caller, path, token, signal) => {
    // The policy has a look at the first attempt where there may be a second: it keeps a dozen objects for each call.
    const first = next(caller, path, token, signal);
    const again = () =>
      policy.execute(({ attempt }) => {
        return attempt === 0 ? first : next(caller, path, token, signal);
      }, signal);
    return first.then(
      (answer) => (isOfGateway(answer) ? again() : answer),
      (error: unknown) => (isBroken(error) ? again() : Promise.reject(error)),
    );
  };
}

function isOfGateway({ status }: Attempted): boolean {
  return GATEWAY_STATUS.includes(status);
}

function isBroken(error: unknown): boolean {
  return error instanceof Failure && isBrokenConnection(error);
}
