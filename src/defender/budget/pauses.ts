import { LRUCache } from 'lru-cache';
import type { Clock } from '../../clock.ts';
import { accountOf, type BudgetStore } from './store.ts';

/** Names of budgets may be invented: those are looked at that Defender has answered, the latest ones. */
const MOST_ANSWERED = 10;
/** Milliseconds for which the store is not asked again: anybody who reaches the port may look, any number of times. */
const BELIEVED = 1_000;

/** Which budgets there are, and whether Defender wants a pause of one: told to this process, or to another replica. */
export class Pauses {
  readonly #store: BudgetStore;
  readonly #clock: Clock;
  readonly #answered = new LRUCache<string, true>({ max: MOST_ANSWERED });
  #until = 0;
  #askedAt = -Infinity;
  #asking: Promise<void> | undefined;
  #turn = 0;

  constructor(store: BudgetStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  get budgets(): readonly string[] {
    return [...this.#answered.keys()];
  }

  /** Defender has answered a caller of this budget, so nobody has invented it. */
  answered(budget: string): void {
    this.#answered.set(budget, true);
  }

  /** `until` is in milliseconds since the epoch. */
  told(until: number): void {
    this.#until = Math.max(this.#until, until);
  }

  /**
   * Milliseconds since the epoch: the end of the last pause that is known of. It costs one read of the store a second at
   * most, and none during a pause: with several budgets one after the other is looked at.
   */
  async until(): Promise<number> {
    const now = this.#clock.now();
    if (this.#until <= now && now - this.#askedAt >= BELIEVED) {
      this.#askedAt = now;
      this.#asking = this.#ask();
    }
    await this.#asking;
    return this.#until;
  }

  async #ask(): Promise<void> {
    const { budgets } = this;
    const budget = budgets[this.#turn % budgets.length];
    this.#turn += 1;
    if (budget === undefined) return;
    const { pausedFor } = await this.#store.read(budget, accountOf('', false));
    if (pausedFor > 0) this.told(this.#clock.now() + pausedFor);
  }
}
