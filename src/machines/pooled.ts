import type { MachineCache } from './cache.ts';
import type { Leases } from './lease.ts';
import type { Names } from './names.ts';
import { isTurnedAway } from './remembered.ts';
import { CLOCKS_DIFFER, type SharedCache } from './sharedCache.ts';
import type { MachinesOfUser } from './sighting.ts';

export interface Pool {
  readonly cache: MachineCache;
  readonly sharedCache: SharedCache;
  readonly leases: Leases;
  readonly names: Names;
}

/**
 * Asks the shared cache before Defender, and lets other replicas have what Defender said. What is found there is kept
 * like what was read here; where it is no longer fresh, it can stand in.
 */
export function pooled(
  { cache, sharedCache, leases, names }: Pool,
  next: MachinesOfUser,
): MachinesOfUser {
  return async (caller, userName, signal) => {
    const shelf = cache.hold(caller);

    const look = async () => {
      const { generation, sighting } = await sharedCache.find(shelf, userName);
      // Only what is newer than what the process has is news: a renewal must not find what it is to renew.
      const last = cache.last(caller, userName);
      if (!sighting || (last && last.readAt >= sighting.readAt)) {
        return { generation, fresh: undefined };
      }
      cache.keep(shelf, caller, userName, sighting, CLOCKS_DIFFER);
      const fresh = cache.fresh(caller, userName);
      if (fresh && caller.record) caller.record.pooled += 1;
      return { generation, fresh };
    };

    const read = async (generation: string | undefined, release: () => Promise<void>) => {
      try {
        const sighting = await next(caller, userName, signal);
        if (generation === undefined) return sighting;
        // Nobody waits for Redis; who waits for this answer hears of it once it is there.
        void sharedCache.put(shelf, caller, userName, generation, sighting).then(release);
        return sighting;
      } catch (error) {
        void release();
        if (isTurnedAway(error)) await sharedCache.forget(shelf);
        throw error;
      }
    };

    try {
      const { generation, fresh } = await look();
      if (fresh) return fresh;
      if (generation === undefined) return await read(undefined, async () => {});
      const turn = await leases.turn(names.lease(shelf.tag, userName), signal);
      if (!turn.waited) return await read(generation, turn.release);
      const again = await look();
      return again.fresh ?? (await read(again.generation, turn.release));
    } finally {
      cache.release(shelf);
    }
  };
}
