import { randomBytes } from 'node:crypto';
import type { Caller } from '../auth/caller.ts';
import type { Clock } from '../clock.ts';
import type { RedisLink, RunCommand } from '../redis/link.ts';
import type { MachineCache } from './cache.ts';
import type { Shelf } from './shelf.ts';
import { Forgettings } from './forgettings.ts';
import type { Names } from './names.ts';
import { Seal } from './sealed.ts';
import { withSharedScripts, type SharedScripts } from './sharedScripts.ts';
import type { Sighting } from './sighting.ts';
import { sightingOf, textOf } from './sightingText.ts';
import type { UserName } from './userName.ts';

export interface SharedCacheOptions {
  readonly link: RedisLink;
  /** What this process itself remembers, and forgets when another replica says so. */
  readonly cache: MachineCache;
  readonly names: Names;
  /** The first seals, all open. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  /** How old an answer may be, in milliseconds, to stand in where Defender can't be asked. */
  readonly staleMilliseconds: number;
  /** The longest that any entry lives, in milliseconds. */
  readonly lifeMilliseconds: number;
}

export interface Found {
  /** To be handed to `put` with what is read after this; undefined where Redis can't be asked. */
  readonly generation: string | undefined;
  readonly sighting: Sighting | undefined;
}

/** Milliseconds by which the clocks of two replicas may differ. What another has read counts as so much older. */
export const CLOCKS_DIFFER = 2_000;
const NOTHING: Found = { generation: undefined, sighting: undefined };
/** Made by a forgetting, or for want of one. */
const GENERATION = /^(forgotten|made)-[\w-]{22}$/;

/**
 * The second level of the cache, which replicas share in Redis. Each partition has a generation there, a random text
 * that is part of what an entry is sealed with: forgetting a partition is one write of a new one. An entry whose
 * reading began before it was written under the old one, or not at all, and opens no more.
 *
 * Redis and whoever writes to it can take entries away; they can neither make one, nor change, prolong or move one.
 * No method rejects.
 */
export class SharedCache {
  readonly #options: SharedCacheOptions;
  readonly #client: SharedScripts;
  readonly #seal: Seal;
  readonly #forgettings: Forgettings;

  constructor(options: SharedCacheOptions) {
    this.#options = options;
    const { link, cache, names, secrets, clock, lifeMilliseconds } = options;
    this.#client = withSharedScripts(link.client);
    this.#seal = new Seal(secrets);
    this.#forgettings = new Forgettings(clock, lifeMilliseconds);
    link.onMessage(names.forgettings, (tag) => {
      cache.forgetTagged(tag);
      this.#forgettings.told(tag);
    });
    link.onReturn(
      (run) => this.#return(run),
      () => this.#forgettings.allTold,
    );
  }

  async find(shelf: Shelf, userName: UserName): Promise<Found> {
    const { link, names } = this.#options;
    const name = names.entry(shelf.tag, userName);
    try {
      const [generation, value] = await this.#look(link.run, shelf, name);
      const { isTrue, isNews } = compared(generation, shelf);
      if (!isTrue) {
        void this.forget(shelf);
        return NOTHING;
      }
      const isKnown = shelf.generation !== undefined || shelf.keys.size > 0;
      if (isNews && isKnown) this.#options.cache.forget(shelf);
      else if (!shelf.forgotten) shelf.generation = generation;
      return { generation, sighting: this.#opened(shelf, `${name} ${generation}`, value) };
    } catch {
      return NOTHING;
    }
  }

  /** Lets other replicas have what was read after `find`. */
  async put(
    { tag, partition }: Shelf,
    { expiresAt }: Caller,
    userName: UserName,
    generation: string,
    sighting: Sighting,
  ): Promise<void> {
    const { link, names, clock, staleMilliseconds } = this.#options;
    const usableUntil = Math.max(sighting.freshUntil, sighting.readAt + staleMilliseconds);
    const life = Math.min(usableUntil, expiresAt) - clock.now() - CLOCKS_DIFFER;
    if (life <= 0) return;
    const name = names.entry(tag, userName);
    const sealed = this.#seal.seal(partition, `${name} ${generation}`, textOf(sighting));
    if (!sealed) return;
    try {
      await link.run(() =>
        this.#client.sharedPut(names.generation(tag), name, generation, sealed, Math.ceil(life)),
      );
    } catch {
      // Nobody misses it but other replicas, which ask for themselves.
    }
  }

  /** After a 401 or 403: puts all that the partition saw out of reach of all replicas, at once or once Redis is back. */
  async forget({ tag }: Shelf): Promise<void> {
    const { link } = this.#options;
    this.#forgettings.untold(tag);
    try {
      await this.#tell(link.run, tag);
    } catch (error) {
      // Before it is asked again, it must be told.
      if (link.isReady) link.lost(error);
    }
  }

  async #tell(run: RunCommand, tag: string): Promise<void> {
    const { names } = this.#options;
    const args = [names.generation(tag), newGeneration('forgotten'), names.forgettings, tag];
    await run(() => this.#client.sharedForget(...args));
    this.#forgettings.told(tag);
  }

  /**
   * Redis was out of reach: others could not hear of what was forgotten here, nor this process of what they forgot; and
   * Redis may have lost its data. What was forgotten is told again where Redis does not know of it. What this process
   * remembers of a partition is forgotten where a forgetting has made its generation since. Where there is none, or one
   * that was made for want of it, nothing is known of a forgetting: what processes remember, and their answers to an
   * outage of Defender, must not be lost with Redis's data.
   */
  async #return(run: RunCommand): Promise<void> {
    await Promise.all(
      this.#forgettings.tags().map(async (tag) => {
        const isKnown = !this.#forgettings.isUntold(tag) && (await this.#isKnown(run, tag));
        if (!isKnown) await this.#tell(run, tag);
      }),
    );
    // A shelf without entries has readings under way.
    const shelves = [...this.#options.cache.shelves];
    await Promise.all(
      shelves.map(async (shelf) => {
        const [generation] = await this.#look(run, shelf);
        const { isTrue, isNews } = compared(generation, shelf);
        if (isNews || !isTrue) this.#options.cache.forget(shelf);
        else if (!shelf.forgotten) shelf.generation = generation;
      }),
    );
  }

  async #isKnown(run: RunCommand, tag: string): Promise<boolean> {
    const key = this.#options.names.generation(tag);
    const [generation] = await run(() =>
      this.#client.sharedFindBuffer(1, key, newGeneration('made')),
    );
    return isOfForgetting(generation.toString('latin1'));
  }

  /** The generation, which is put back where it was lost, and an entry. */
  async #look(run: RunCommand, shelf: Shelf, ...entry: readonly string[]) {
    const key = this.#options.names.generation(shelf.tag);
    const known = (!shelf.forgotten && shelf.generation) || newGeneration('made');
    const [generation, value] = await run(() =>
      this.#client.sharedFindBuffer(entry.length === 0 ? 1 : 2, key, ...entry, known),
    );
    return [generation.toString('latin1'), value] as const;
  }

  #opened({ tag, partition }: Shelf, context: string, value: Buffer): Sighting | undefined {
    const text = this.#seal.open(partition, context, value);
    if (text === undefined) return undefined;
    const sighting = sightingOf(text);
    const isOfTheFuture = sighting.readAt > this.#options.clock.now() + CLOCKS_DIFFER;
    // Whoever writes to Redis may have put back what was there before a forgetting.
    const isForgotten = this.#forgettings.isSince(tag, sighting.readAt);
    return isOfTheFuture || isForgotten ? undefined : sighting;
  }
}

function newGeneration(origin: 'forgotten' | 'made'): string {
  return `${origin}-${randomBytes(16).toString('base64url')}`;
}

/** Whether it is a generation at all, and whether a forgetting has made it since what the shelf holds was read. */
function compared(generation: string, shelf: Shelf): { isTrue: boolean; isNews: boolean } {
  const isOther = !shelf.forgotten && shelf.generation !== generation;
  return { isTrue: GENERATION.test(generation), isNews: isOther && isOfForgetting(generation) };
}

function isOfForgetting(generation: string): boolean {
  return generation.startsWith('forgotten-');
}
