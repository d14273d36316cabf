import { Failure } from '../../errors.ts';
import type { Limits } from './store.ts';

/** `spare` is what a renewal that nobody waits for may use. */
export type RanOut = 'minute' | 'hour' | 'pause' | 'connections' | 'queue' | 'spare';

export class RateLimited extends Failure {
  readonly by: RanOut;

  constructor(by: RanOut, retryAfterSeconds: number, limits: Limits) {
    super(
      'RATE_LIMITED',
      `${reasonOf(by, limits)} Ask for this user again in ${retryAfterSeconds} s.`,
      { retryAfterSeconds },
    );
    this.by = by;
  }
}

/** RATE_LIMITED, naming what ran out. `milliseconds` is the time after which the call can be made, as far as known. */
export function rateLimited(by: RanOut, milliseconds: number, limits: Limits): RateLimited {
  return new RateLimited(by, Math.max(1, Math.ceil(milliseconds / 1_000)), limits);
}

function reasonOf(by: RanOut, { minute, hour }: Limits): string {
  const reasons = {
    minute: `Your share of the ${minute} Defender calls a minute that this application has is used up.`,
    hour: `Your share of the ${hour} Defender calls an hour that this application has is used up.`,
    pause: 'Defender has told this application to pause.',
    connections: 'All connections to Defender are busy.',
    queue: 'Too many calls wait for Defender.',
    spare: 'What is asked for ahead of need takes none of the second half of a window.',
  };
  return reasons[by];
}
