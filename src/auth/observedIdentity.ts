import { Failure } from '../errors.ts';
import type { Meter } from '../telemetry/metrics.ts';
import type { Authenticate } from './caller.ts';

/** Counts whether callers can be made out. */
export function observedIdentity(next: Authenticate, meter: Meter): Authenticate {
  return async (authorization) => {
    try {
      const who = await next(authorization);
      meter.add('identities', { outcome: 'accepted' });
      return who;
    } catch (error) {
      const isRefused = error instanceof Failure && error.code === 'UNAUTHENTICATED';
      meter.add('identities', { outcome: isRefused ? 'refused' : 'unavailable' });
      throw error;
    }
  };
}
