import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/caller.ts';
import type { Clock } from '../clock.ts';
import { isOf, sizeOf, withinShare, type Entry } from './entry.ts';
import { createRendering, type Rendering } from './rendering.ts';
import { Shelves, type Shelf } from './shelf.ts';
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

export type FindRendering = (spelling: string) => Rendering | undefined;

/** Milliseconds within which a rendering that is in use is not reported to the cache again. */
const TOUCH = 1_000;

/** What callers have seen, bounded in bytes. One caller's entries are out of another's reach: the partition is in the key. */
export class MachineCache {
  readonly #options: CacheOptions;
  readonly #entries: LRUCache<string, Entry>;
  readonly #shelves: Shelves;
  #evictions = 0;

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#shelves = new Shelves(options.tagOf ?? ((partition) => partition));
    this.#entries = new LRUCache({
      maxSize: options.maxBytes,
      sizeCalculation: sizeOf,
      perf: options.clock,
      ttlResolution: 0,
      ttlAutopurge: false,
      updateAgeOnGet: false,
      dispose: (entry, key, reason) => {
        if (reason === 'evict') this.#evictions += 1;
        this.#unshelve(entry, key);
      },
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
  hold({ partition }: Pick<Caller, 'partition'>): Shelf {
    return this.#shelves.hold(partition);
  }

  release(shelf: Shelf): void {
    this.#shelves.release(shelf);
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
    for (const rendering of this.#entries.peek(key, { allowStale: true })?.renderings ?? []) {
      shelf.renderings.remove(rendering);
    }
    const entry = {
      sighting,
      usableUntil,
      restsUntil: 0,
      renderings: [],
      turn: { last: 0 },
      bytes: bytesOf(sighting),
    };
    shelf.keys.add(key);
    this.#entries.set(key, entry, { ttl: life });
    // An entry larger than the whole cache is refused in silence.
    if (!this.#entries.has(key)) shelf.keys.delete(key);
    return sighting;
  }

  /** Keeps what a sighting looks like, as long as the cache has that very sighting. `json` is in UTF-8. */
  keepRendering(
    { partition }: Pick<Caller, 'partition'>,
    userName: UserName,
    of: Sighting,
    { question, spelling, json }: Pick<Rendering, 'question' | 'spelling' | 'json'>,
  ): void {
    const now = this.#options.clock.now();
    const shelf = this.#shelves.get(partition);
    const key = keyOf(partition, userName);
    const entry = this.#entries.get(key);
    if (!shelf || !entry || !isOf(entry.sighting, of) || entry.usableUntil <= now) return;
    if (shelf.renderings.of(question)?.has(spelling)) return;
    const { sighting, usableUntil, turn } = entry;
    const from = { userName, sighting, key, turn };
    const added = createRendering({ question, spelling, json }, from, now);
    const renderings = withinShare([...entry.renderings, added], entry);
    const grown = { ...entry, renderings };
    // The cache would let go of the sighting as well.
    if (!renderings.includes(added) || sizeOf(grown, key) > this.#options.maxBytes) return;
    for (const each of entry.renderings) {
      if (!renderings.includes(each)) shelf.renderings.remove(each);
    }
    shelf.renderings.add(added);
    this.#entries.set(key, grown, { ttl: usableUntil - now });
  }

  /**
   * Looks up what one caller's sightings look like under a question: undefined where nothing was kept that is still
   * fresh. What is given is good for this moment alone.
   */
  renderings({ partition }: Pick<Caller, 'partition'>, question: object): FindRendering {
    const kept = this.#shelves.get(partition)?.renderings.of(question);
    const now = this.#options.clock.now();
    return (spelling) => {
      const rendering = kept?.get(spelling);
      if (!rendering || rendering.freshUntil <= now) return undefined;
      if (now - rendering.touchedAt >= TOUCH) {
        rendering.touchedAt = now;
        this.#entries.get(rendering.key);
      }
      return rendering;
    };
  }

  /** After a 401 or 403: nothing that this partition saw is served again, nor what it is still reading. */
  forget({ partition }: Pick<Caller, 'partition'>): void {
    this.#forget(this.#shelves.get(partition));
  }

  /** The same, after another replica has met the 401 or 403. */
  forgetTagged(tag: string): void {
    this.#forget(this.#shelves.tagged(tag));
  }

  /** What it holds now, and how many entries have made room for others since the start. */
  get figures(): { readonly bytes: number; readonly entries: number; readonly evictions: number } {
    const { calculatedSize: bytes, size: entries } = this.#entries;
    return { bytes, entries, evictions: this.#evictions };
  }

  get shelves(): Iterable<Shelf> {
    return this.#shelves.all();
  }

  #forget(shelf: Shelf | undefined): void {
    if (!shelf) return;
    shelf.forgotten = true;
    this.#shelves.drop(shelf);
    for (const key of shelf.keys) this.#entries.delete(key);
  }

  #unshelve({ renderings }: Entry, key: string): void {
    const shelf = this.#shelves.get(key.slice(0, key.indexOf('/')));
    if (!shelf) return;
    for (const rendering of renderings) shelf.renderings.remove(rendering);
    shelf.keys.delete(key);
    this.#shelves.dropIfIdle(shelf);
  }
}

/** A partition is a digest without a slash, so no user name can reach into another partition. */
function keyOf(partition: string, userName: UserName): string {
  return `${partition}/${userName}`;
}
