import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { MachinesOfUser, Sighting } from './sighting.ts';

/** A fresh answer is renewed once this part of its life has passed. */
const RIPE = 0.8;
/** Milliseconds until a renewal is tried again that was not given any budget, or failed. */
const REST = 10_000;
const MOST_TRIED = 10_000;

/**
 * Renews what is asked for shortly before it grows old, behind the back of who asks: with `spare` priority, which is
 * given only budget that nobody waits for.
 */
export function refreshed(
  clock: Clock,
  renew: MachinesOfUser,
  next: MachinesOfUser,
): MachinesOfUser {
  const tried = new LRUCache<string, true>({
    max: MOST_TRIED,
    ttl: REST,
    perf: clock,
    ttlResolution: 0,
  });

  return async (caller, userName, signal) => {
    const sighting = await next(caller, userName, signal);
    const key = `${caller.partition}/${userName}`;
    if (isRipe(sighting, clock) && !tried.has(key)) {
      tried.set(key, true);
      const { signal: never } = new AbortController();
      // A failure is nobody's: the answer is still fresh, and who comes when it is not asks again.
      renew({ ...caller, priority: 'spare' }, userName, never).catch(() => {});
    }
    return sighting;
  };
}

function isRipe({ source, readAt, freshUntil }: Sighting, clock: Clock): boolean {
  return source === 'CACHE' && clock.now() - readAt >= RIPE * (freshUntil - readAt);
}
