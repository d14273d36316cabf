import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/caller.ts';
import type { Clock } from '../clock.ts';
import type { MachinesOfUser, Sighting } from './sighting.ts';
import type { UserName } from './userName.ts';

/** A fresh answer is renewed once this part of its life has passed. */
const RIPE = 0.8;
/** Milliseconds until a renewal is tried again that was not given any budget, or failed. */
const REST = 10_000;
const MOST_TRIED = 10_000;

/** Renews an answer behind the back of who asks, where it is soon to grow old; called for what the cache serves. */
export type Renew = (
  caller: Omit<Caller, 'priority'>,
  userName: UserName,
  served: Sighting,
) => void;

/** With `spare` priority, which is given only budget that nobody waits for. */
export function createRenew(clock: Clock, live: MachinesOfUser): Renew {
  const tried = new LRUCache<string, true>({
    max: MOST_TRIED,
    ttl: REST,
    perf: clock,
    ttlResolution: 0,
  });

  return (caller, userName, served) => {
    if (clock.now() < ripeAt(served)) return;
    const key = `${caller.partition}/${userName}`;
    if (tried.has(key)) return;
    tried.set(key, true);
    const { signal: never } = new AbortController();
    // A failure is nobody's: the answer is still fresh, and who comes when it is not asks again.
    live({ ...caller, priority: 'spare', record: undefined }, userName, never).catch(() => {});
  };
}

/** From when a fresh answer is soon to grow old, in milliseconds since the epoch. */
export function ripeAt({ readAt, freshUntil }: Sighting): number {
  return readAt + RIPE * (freshUntil - readAt);
}
