import { Failure } from '../../errors.ts';
import type { Limits } from './store.ts';

export type RanOut = 'minute' | 'hour' | 'pause' | 'connections' | 'queue';

/** RATE_LIMITED, naming what ran out. `milliseconds` is the time after which the call can be made, as far as known. */
export function rateLimited(by: RanOut, milliseconds: number, limits: Limits): Failure {
  const retryAfterSeconds = Math.max(1, Math.ceil(milliseconds / 1_000));
  return new Failure(
    'RATE_LIMITED',
    `${reasonOf(by, limits)} Ask for this user again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}

function reasonOf(by: RanOut, { minute, hour }: Limits): string {
  const reasons = {
    minute: `Your share of the ${minute} Defender calls a minute that this application has is used up.`,
    hour: `Your share of the ${hour} Defender calls an hour that this application has is used up.`,
    pause: 'Defender has told this application to pause.',
    connections: 'All connections to Defender are busy.',
    queue: 'Too many calls wait for Defender.',
  };
  return reasons[by];
}
