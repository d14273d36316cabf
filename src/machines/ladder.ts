import type { Clock } from '../clock.ts';
import { Failure, type FailureCode } from '../errors.ts';
import type { MachineCache } from './cache.ts';
import type { Renew } from './renewal.ts';
import type { MachinesOfUser, Sighting } from './sighting.ts';

/** Failures in which Defender did not judge the caller: what it said last may stand in. */
const PASSING: ReadonlySet<FailureCode> = new Set([
  'RATE_LIMITED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_INVALID_RESPONSE',
  'DEADLINE_EXCEEDED',
]);

/** Milliseconds for which an entry that could not be renewed is served without asking again. */
const REST = 10_000;

/**
 * Fresh from the cache; else live; else, where Defender can't be asked, the last good answer; else the failure. All of
 * it for a token alone that would be let through to Defender.
 */
export function recalled(
  cache: MachineCache,
  clock: Clock,
  renew: Renew,
  next: MachinesOfUser,
): MachinesOfUser {
  return async (caller, userName, signal) => {
    const outage = caller.admit && (await caller.admit(signal));
    const fresh = cache.fresh(caller, userName);
    if (fresh) {
      renew(caller, userName, fresh);
      return { ...fresh, source: 'CACHE' };
    }
    const last = cache.last(caller, userName);
    if (last && (outage || cache.rests(caller, userName))) return stale(last, clock);
    if (outage) throw outage;
    try {
      const sighting = await next(caller, userName, signal);
      // Another replica's, which may have been read a while ago.
      if (sighting.source === 'CACHE') renew(caller, userName, sighting);
      return sighting;
    } catch (error) {
      // Looked up only now: a 401 or 403 in the meantime has forgotten it.
      const standIn = isPassing(error) && cache.last(caller, userName);
      if (!standIn) throw error;
      // Who has no more time, or has gone, says nothing of Defender: the next one asks it.
      if (!signal.aborted) cache.rest(caller, userName, REST);
      return stale(standIn, clock);
    }
  };
}

function stale(sighting: Sighting, clock: Clock): Sighting {
  return { ...sighting, source: 'STALE', freshUntil: clock.now() };
}

function isPassing(error: unknown): boolean {
  return error instanceof Failure && PASSING.has(error.code);
}
