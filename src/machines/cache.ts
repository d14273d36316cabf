import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/caller.ts';
import type { Clock } from '../clock.ts';
import type { Sighting } from './sighting.ts';
import type { UserName } from './userName.ts';
import { bytesOf } from './weight.ts';

export interface CacheOptions {
  readonly clock: Clock;
  readonly maxBytes: number;
  /** How long an answer may be served, in milliseconds from when it was read. */
  readonly ttlMilliseconds: number;
  /** The same for an empty answer and for an unknown user. */
  readonly negativeTtlMilliseconds: number;
}

/** The entries of one partition. It outlives them while somebody holds it, so that a forgetting reaches who does. */
export interface Shelf {
  readonly partition: string;
  readonly keys: Set<string>;
  holders: number;
  forgotten: boolean;
}

/** What callers have seen, bounded in bytes. One caller's entries are out of another's reach: the partition is in the key. */
export class MachineCache {
  readonly #options: CacheOptions;
  readonly #entries: LRUCache<string, Sighting>;
  readonly #shelves = new Map<string, Shelf>();

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#entries = new LRUCache({
      maxSize: options.maxBytes,
      sizeCalculation: (sighting, key) => bytesOf(sighting) + 2 * key.length,
      perf: options.clock,
      ttlResolution: 0,
      ttlAutopurge: false,
      updateAgeOnGet: false,
      dispose: (_sighting, key) => this.#unshelve(key),
      noDisposeOnSet: true,
    });
  }

  /** Reading never prolongs a life. */
  get(caller: Caller, userName: UserName): Sighting | undefined {
    const entry = this.#entries.get(keyOf(caller.partition, userName));
    // The cache's own life of an entry includes its last instant; a token's does not.
    return entry && entry.freshUntil > this.#options.clock.now() ? entry : undefined;
  }

  /** Taken before a read from Defender and handed to `keep` after it, then put back with `release`. */
  hold({ partition }: Caller): Shelf {
    let shelf = this.#shelves.get(partition);
    if (!shelf) {
      shelf = { partition, keys: new Set(), holders: 0, forgotten: false };
      this.#shelves.set(partition, shelf);
    }
    shelf.holders += 1;
    return shelf;
  }

  release(shelf: Shelf): void {
    shelf.holders -= 1;
    this.#dropIfIdle(shelf);
  }

  /** Keeps what was read, unless the partition was forgotten meanwhile, and says until when it is fresh. */
  keep(shelf: Shelf, caller: Caller, userName: UserName, read: Sighting): Sighting {
    const { clock, ttlMilliseconds, negativeTtlMilliseconds } = this.#options;
    const ttl = read.machines?.length ? ttlMilliseconds : negativeTtlMilliseconds;
    const freshUntil = Math.min(read.readAt + ttl, caller.expiresAt);
    const life = freshUntil - clock.now();
    if (shelf.forgotten || life <= 0) return read;

    const sighting: Sighting = Object.freeze({ ...read, freshUntil });
    const key = keyOf(shelf.partition, userName);
    shelf.keys.add(key);
    this.#entries.set(key, sighting, { ttl: life });
    // An entry larger than the whole cache is refused in silence.
    if (!this.#entries.has(key)) shelf.keys.delete(key);
    return sighting;
  }

  /** After a 401 or 403: nothing that this partition saw is served again, nor what it is still reading. */
  forget({ partition }: Caller): void {
    const shelf = this.#shelves.get(partition);
    if (!shelf) return;
    shelf.forgotten = true;
    this.#shelves.delete(partition);
    for (const key of shelf.keys) this.#entries.delete(key);
  }

  #unshelve(key: string): void {
    const shelf = this.#shelves.get(key.slice(0, key.indexOf('/')));
    if (!shelf) return;
    shelf.keys.delete(key);
    this.#dropIfIdle(shelf);
  }

  #dropIfIdle(shelf: Shelf): void {
    if (shelf.holders > 0 || shelf.keys.size > 0) return;
    if (this.#shelves.get(shelf.partition) === shelf) this.#shelves.delete(shelf.partition);
  }
}

/** A partition is a digest without a slash, so no user name can reach into another partition. */
function keyOf(partition: string, userName: UserName): string {
  return `${partition}/${userName}`;
}
