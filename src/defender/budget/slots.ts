import { LRUCache } from 'lru-cache';

/** The part of all slots that callers whom Defender has never answered may hold together, and calls that one may. */
const UNPROVEN_PART = 1 / 4;
const UNPROVEN_CALLS = 4;
const MOST_PROVEN = 10_000;

/**
 * The calls that may be under way at once. In forward mode anybody can invent tokens, and budgets by their claims: until
 * Defender has once answered a caller, it holds a few slots only, and so never more of a budget than those, each
 * refunded with its 401.
 */
export class Slots {
  readonly #most: number;
  readonly #mostUnproven: number;
  readonly #proven = new LRUCache<string, true>({ max: MOST_PROVEN });
  readonly #unproven = new Map<string, number>();
  #held = 0;
  #heldUnproven = 0;

  constructor(most: number) {
    this.#most = most;
    this.#mostUnproven = Math.max(1, Math.floor(most * UNPROVEN_PART));
  }

  get held(): number {
    return this.#held;
  }

  isProven(caller: string): boolean {
    return this.#proven.has(caller);
  }

  /** It needs no answer of Defender's to be known. */
  trust(caller: string): void {
    this.#proven.set(caller, true);
  }

  mayHold(caller: string): boolean {
    if (this.#held >= this.#most) return false;
    if (this.isProven(caller)) return true;
    const own = this.#unproven.get(caller) ?? 0;
    return this.#heldUnproven < this.#mostUnproven && own < UNPROVEN_CALLS;
  }

  /** Takes a slot. The returned function gives it back, once, and is told whether Defender has answered the caller. */
  hold(caller: string): (isAnswered: boolean) => void {
    const isUnproven = !this.isProven(caller);
    this.#count(caller, isUnproven, 1);
    return (isAnswered) => {
      this.#count(caller, isUnproven, -1);
      if (isAnswered) this.#proven.set(caller, true);
    };
  }

  #count(caller: string, isUnproven: boolean, by: 1 | -1): void {
    this.#held += by;
    if (!isUnproven) return;
    this.#heldUnproven += by;
    const own = (this.#unproven.get(caller) ?? 0) + by;
    if (own > 0) this.#unproven.set(caller, own);
    else this.#unproven.delete(caller);
  }
}
