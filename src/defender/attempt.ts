import { randomUUID } from 'node:crypto';
import type { Caller } from '../auth/caller.ts';
import type { Clock } from '../clock.ts';
import type { Budget } from './budget.ts';
import { messageOf } from './refusal.ts';
import type { Answer, Request } from './request.ts';
import { retryAfterMilliseconds } from './retryAfter.ts';

export interface AttemptOptions {
  readonly request: Request;
  readonly budget: Budget;
  readonly clock: Clock;
}

export interface Attempted extends Answer {
  /** After a 429: for how long nobody calls on this budget. */
  readonly pausedMilliseconds?: number;
}

/** One paid call, whatever its status. Rejects as `Request` and `Budget` do. */
export type Attempt = (
  caller: Caller,
  path: string,
  token: string,
  signal: AbortSignal,
) => Promise<Attempted>;

export function createAttempt({ request, budget, clock }: AttemptOptions): Attempt {
  return (caller, path, token, signal) =>
    budget.run(
      {
        budget: caller.budget,
        caller: caller.partition,
        isVerified: caller.isVerified,
        priority: caller.priority,
        signal,
        record: caller.record,
      },
      async (spent) => {
        const answer = await request(path, token, signal, {
          // What Defender's own log knows the call by: the id of the request that it is made for.
          'x-ms-client-request-id': caller.record?.id ?? randomUUID(),
        });
        if (answer.status === 200) spent.answered();
        if (answer.status === 401) spent.refund();
        if (answer.status !== 429) return answer;
        const named = retryAfterMilliseconds(answer.headers['retry-after'], clock.now());
        return { ...answer, pausedMilliseconds: spent.refused(named, messageOf(answer)) };
      },
    );
}
