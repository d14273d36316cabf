import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';

const MOST = 10_000;

/** What this process knows of partitions that were forgotten, here or in another replica, by their tags. */
export class Forgettings {
  readonly #clock: Clock;
  readonly #known: LRUCache<string, number>;
  readonly #untold = new Set<string>();

  /** They are known for as long as entries can live. */
  constructor(clock: Clock, lifeMilliseconds: number) {
    this.#clock = clock;
    this.#known = new LRUCache({
      max: MOST,
      ttl: Math.max(1, lifeMilliseconds),
      perf: clock,
      ttlResolution: 0,
      dispose: (_at, tag) => this.#untold.delete(tag),
      noDisposeOnSet: true,
    });
  }

  /** One that Redis knows of. */
  told(tag: string): void {
    this.#known.set(tag, this.#clock.now());
    this.#untold.delete(tag);
  }

  /** One that Redis may not know of yet. */
  untold(tag: string): void {
    this.#known.set(tag, this.#clock.now());
    this.#untold.add(tag);
  }

  get allTold(): boolean {
    return this.#untold.size === 0;
  }

  isUntold(tag: string): boolean {
    return this.#untold.has(tag);
  }

  tags(): string[] {
    return [...this.#known.keys()];
  }

  /** Whether the partition was forgotten after that moment, in milliseconds since the epoch. */
  isSince(tag: string, moment: number): boolean {
    return (this.#known.get(tag) ?? -Infinity) > moment;
  }
}
