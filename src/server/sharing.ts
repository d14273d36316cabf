import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { RedisStore } from '../defender/budget/redisStore.ts';
import { scriptOn } from '../defender/budget/scriptOn.ts';
import { SharedStore } from '../defender/budget/sharedStore.ts';
import type { BudgetStore, WindowOptions } from '../defender/budget/store.ts';
import type { MachineCache } from '../machines/cache.ts';
import { Leases } from '../machines/lease.ts';
import { Names } from '../machines/names.ts';
import { pooled } from '../machines/pooled.ts';
import { SharedCache } from '../machines/sharedCache.ts';
import type { MachinesOfUser } from '../machines/sighting.ts';
import { derivedKey } from '../redis/derivedKey.ts';
import { RedisLink } from '../redis/link.ts';
import type { Log } from '../telemetry/log.ts';

/** What this process shares with its replicas. */
export interface Sharing {
  /** The same for all replicas, and known to no one else. */
  readonly partitionKey: Uint8Array;
  readonly isReady: () => boolean;
  readonly tagOf: (partition: string) => string;
  budgetStore(options: WindowOptions): BudgetStore;
  pooled(cache: MachineCache, next: MachinesOfUser): MachinesOfUser;
  /** Until Redis is ready, but two seconds at most. */
  settled(): Promise<void>;
  close(): void;
}

/** Milliseconds for a script of the budget. */
const SCRIPT_TIME_LIMIT = 100;
/** Milliseconds that a start waits for Redis. */
const START = 2_000;

/**
 * Of several secrets the first seals and all open. The last names things and callers: all replicas have it in common
 * while a new one is brought in before it.
 */
export function createSharing(
  { url, secrets, replicas }: NonNullable<Config['redis']>,
  { ttlMilliseconds, negativeTtlMilliseconds, staleMilliseconds }: Config['cache'],
  clock: Clock,
  log: Log,
): Sharing {
  const link = new RedisLink(url, log);
  const [first] = secrets;
  const last = secrets.at(-1) ?? first;
  const names = new Names(last);
  const lifeMilliseconds = Math.max(ttlMilliseconds, negativeTtlMilliseconds, staleMilliseconds);

  let budget: BudgetStore | undefined;

  return {
    partitionKey: derivedKey(last, 'partitions'),
    isReady: () => link.isReady && !budget?.isDegraded(),
    tagOf: (partition) => names.tag(partition),
    budgetStore(options) {
      const redis = new RedisStore({
        ...options,
        run: scriptOn(link.client, SCRIPT_TIME_LIMIT),
        secret: derivedKey(last, 'budget'),
        replica: randomBytes(6).toString('base64url'),
      });
      const store = new SharedStore({ ...options, redis, replicas, clock, log });
      link.onCut((error) => store.lost(error));
      budget = store;
      return store;
    },
    pooled(cache, next) {
      const options = { link, cache, names, secrets, clock, staleMilliseconds, lifeMilliseconds };
      const sharedCache = new SharedCache(options);
      return pooled({ cache, sharedCache, leases: new Leases(link, names, clock), names }, next);
    },
    settled: () => link.settled(START),
    close: () => link.close(),
  };
}
