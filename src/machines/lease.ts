import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { onAbort } from '../flights/onAbort.ts';
import type { RedisLink } from '../redis/link.ts';
import type { Names } from './names.ts';
import { withSharedScripts, type SharedScripts } from './sharedScripts.ts';

/** Milliseconds after which a lease ends by itself, where its holder has died. */
const LIFE = 5_000;
/** Milliseconds that anybody waits for the holder of a lease. */
const LONGEST_WAIT = 1_000;

export interface Turn {
  /** Whether somebody else had the lease: their answer may be there by now. */
  readonly waited: boolean;
  /** Lets those who wait go on. */
  readonly release: () => Promise<void>;
}

/**
 * One reading at a time for all replicas, best effort: who does not get the lease waits a little for who has it, and
 * then reads as well. Where Redis is gone, nobody waits.
 */
export class Leases {
  readonly #link: RedisLink;
  readonly #client: SharedScripts;
  readonly #names: Names;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(link: RedisLink, names: Names, clock: Clock) {
    this.#link = link;
    this.#client = withSharedScripts(link.client);
    this.#names = names;
    this.#clock = clock;
    link.onMessage(names.landings, (name) => {
      for (const land of this.#waiting.get(name) ?? []) land();
    });
    link.onGone(() => {
      for (const waiting of this.#waiting.values()) for (const land of waiting) land();
    });
  }

  /** Rejects with the signal's reason once that aborts, and never else. */
  async turn(name: string, signal: AbortSignal): Promise<Turn> {
    signal.throwIfAborted();
    const owner = randomBytes(12).toString('base64url');
    // In place before the lease is asked for, so that a landing in between is heard.
    const landing = this.#landing(name, signal);
    try {
      const answer = await this.#link.run((client) => client.set(name, owner, 'PX', LIFE, 'NX'));
      if (answer !== 'OK') {
        await landing.promise;
        return { waited: true, release: async () => {} };
      }
    } catch {
      signal.throwIfAborted();
    } finally {
      landing.leave();
    }
    return { waited: false, release: () => this.#release(name, owner) };
  }

  async #release(name: string, owner: string): Promise<void> {
    const { landings } = this.#names;
    try {
      await this.#link.run(() => this.#client.sharedRelease(name, owner, landings));
    } catch {
      // It ends by itself.
    }
  }

  #landing(name: string, signal: AbortSignal): { promise: Promise<void>; leave: () => void } {
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting);
    let leave = () => {};
    const promise = new Promise<void>((resolve, reject) => {
      const cancel = this.#clock.after(LONGEST_WAIT, resolve);
      const takeBack = onAbort(signal, () => reject(signal.reason));
      waiting.add(resolve);
      leave = () => {
        cancel();
        takeBack();
        waiting.delete(resolve);
        if (waiting.size === 0) this.#waiting.delete(name);
      };
    });
    // Nobody waits for it where the lease is one's own.
    promise.catch(() => {});
    return { promise, leave };
  }
}
