import { NotExchanged } from '../auth/notExchanged.ts';
import { Failure } from '../errors.ts';
import type { MachineCache } from './cache.ts';
import type { MachinesOfUser } from './sighting.ts';

/** Keeps what was read, never a failure; and forgets all that a caller saw whom Defender turns away. */
export function remembered(cache: MachineCache, next: MachinesOfUser): MachinesOfUser {
  return async (caller, userName, signal) => {
    const shelf = cache.hold(caller);
    try {
      return cache.keep(shelf, caller, userName, await next(caller, userName, signal));
    } catch (error) {
      if (isTurnedAway(error)) cache.forget(caller);
      throw error;
    } finally {
      cache.release(shelf);
    }
  };
}

/** Whether Defender has judged the caller, and refused. */
export function isTurnedAway(error: unknown): boolean {
  if (!(error instanceof Failure) || error instanceof NotExchanged) return false;
  return error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN';
}
