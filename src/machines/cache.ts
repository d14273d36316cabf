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
  /** How old an answer may be, in milliseconds, to stand in where Defender can't be asked. */
  readonly staleMilliseconds: number;
  /** What a partition is called outside this process, where replicas tell each other of it. */
  readonly tagOf?: (partition: string) => string;
}

interface Entry {
  readonly sighting: Sighting;
  /** Until when it may stand in, in milliseconds since the epoch. */
  readonly usableUntil: number;
  /** Until when nobody asks Defender again for it, since that has just failed: milliseconds since the epoch. */
  restsUntil: number;
}

/** The entries of one partition. It outlives them while somebody holds it, so that a forgetting reaches who does. */
export interface Shelf {
  readonly partition: string;
  readonly tag: string;
  readonly keys: Set<string>;
  /** Which of the partition's generations in the shared cache its entries belong to, where that is known. */
  generation: string | undefined;
  holders: number;
  forgotten: boolean;
}

/** What callers have seen, bounded in bytes. One caller's entries are out of another's reach: the partition is in the key. */
export class MachineCache {
  readonly #options: CacheOptions;
  readonly #entries: LRUCache<string, Entry>;
  readonly #shelves = new Map<string, Shelf>();
  readonly #byTag = new Map<string, Shelf>();

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#entries = new LRUCache({
      maxSize: options.maxBytes,
      sizeCalculation: ({ sighting }, key) => bytesOf(sighting) + 2 * key.length,
      perf: options.clock,
      ttlResolution: 0,
      ttlAutopurge: false,
      updateAgeOnGet: false,
      dispose: (_entry, key) => this.#unshelve(key),
      noDisposeOnSet: true,
    });
  }

  /** What is still fresh. Reading never prolongs a life. */
  fresh(caller: Caller, userName: UserName): Sighting | undefined {
    const { sighting } = this.#entries.get(keyOf(caller.partition, userName)) ?? {};
    return sighting && sighting.freshUntil > this.#options.clock.now() ? sighting : undefined;
  }

  /** The last good answer, fresh or not, as long as it may stand in. */
  last(caller: Caller, userName: UserName): Sighting | undefined {
    const entry = this.#entries.get(keyOf(caller.partition, userName));
    if (!entry) return undefined;
    const usableUntil = Math.min(entry.usableUntil, caller.expiresAt);
    return usableUntil > this.#options.clock.now() ? entry.sighting : undefined;
  }

  /** Lets nobody ask Defender for this entry for a while. */
  rest(caller: Caller, userName: UserName, milliseconds: number): void {
    const entry = this.#entries.peek(keyOf(caller.partition, userName));
    if (entry) entry.restsUntil = this.#options.clock.now() + milliseconds;
  }

  rests(caller: Caller, userName: UserName): boolean {
    const { restsUntil = 0 } = this.#entries.peek(keyOf(caller.partition, userName)) ?? {};
    return restsUntil > this.#options.clock.now();
  }

  /** Taken before a read from Defender and handed to `keep` after it, then put back with `release`. */
  hold({ partition }: Caller): Shelf {
    let shelf = this.#shelves.get(partition);
    if (!shelf) {
      const tag = this.#options.tagOf?.(partition) ?? partition;
      shelf = {
        ...{ partition, tag, generation: undefined },
        ...{ keys: new Set(), holders: 0, forgotten: false },
      };
      this.#shelves.set(partition, shelf);
      this.#byTag.set(tag, shelf);
    }
    shelf.holders += 1;
    return shelf;
  }

  release(shelf: Shelf): void {
    shelf.holders -= 1;
    this.#dropIfIdle(shelf);
  }

  /**
   * Keeps what was read, unless the partition was forgotten meanwhile, and says until when it is fresh. What another
   * process has read by its own clock is taken for so many milliseconds older than it says.
   */
  keep(
    shelf: Shelf,
    caller: Caller,
    userName: UserName,
    read: Sighting,
    olderMilliseconds = 0,
  ): Sighting {
    const { ttlMilliseconds, negativeTtlMilliseconds, staleMilliseconds, clock } = this.#options;
    const ttl = read.machines?.length ? ttlMilliseconds : negativeTtlMilliseconds;
    const atMost = read.readAt - olderMilliseconds;
    const freshUntil = Math.min(atMost + ttl, caller.expiresAt);
    const usableUntil = Math.min(
      Math.max(freshUntil, atMost + staleMilliseconds),
      caller.expiresAt,
    );
    const sighting: Sighting = Object.freeze({ ...read, freshUntil });
    const life = usableUntil - clock.now();
    if (shelf.forgotten || life <= 0) return read;

    const key = keyOf(shelf.partition, userName);
    shelf.keys.add(key);
    this.#entries.set(key, { sighting, usableUntil, restsUntil: 0 }, { ttl: life });
    // An entry larger than the whole cache is refused in silence.
    if (!this.#entries.has(key)) shelf.keys.delete(key);
    return sighting;
  }

  /** After a 401 or 403: nothing that this partition saw is served again, nor what it is still reading. */
  forget({ partition }: Pick<Caller, 'partition'>): void {
    this.#forget(this.#shelves.get(partition));
  }

  /** The same, after another replica has met the 401 or 403. */
  forgetTagged(tag: string): void {
    this.#forget(this.#byTag.get(tag));
  }

  get shelves(): Iterable<Shelf> {
    return this.#shelves.values();
  }

  #forget(shelf: Shelf | undefined): void {
    if (!shelf) return;
    shelf.forgotten = true;
    this.#drop(shelf);
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
    if (this.#shelves.get(shelf.partition) === shelf) this.#drop(shelf);
  }

  #drop(shelf: Shelf): void {
    this.#shelves.delete(shelf.partition);
    this.#byTag.delete(shelf.tag);
  }
}

/** A partition is a digest without a slash, so no user name can reach into another partition. */
function keyOf(partition: string, userName: UserName): string {
  return `${partition}/${userName}`;
}
