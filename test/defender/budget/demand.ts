import type { Ask, Budget } from '../../../src/defender/budget.ts';
import { Failure } from '../../../src/errors.ts';
import type { SimulatedClock } from './simulatedClock.ts';

export interface Demand {
  readonly caller: string;
  readonly priority: Ask['priority'];
  readonly budget: Budget;
}

/** Callers on a simulated clock, and Defender, which keeps the times of their calls. */
export class Demands {
  readonly calls: { readonly caller: string; readonly at: number }[] = [];
  readonly #clock: SimulatedClock;
  readonly #random: () => number;

  constructor(clock: SimulatedClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  get times(): number[] {
    return this.calls.map(({ at }) => at);
  }

  /** Wants so many calls, so many of them at once, and comes back for each when it is told to. */
  want(demand: Demand, calls: number, atOnce = calls): void {
    let left = calls;
    const next = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        await this.#insist(demand);
      }
    };
    for (let worker = 0; worker < atOnce; worker += 1) void next();
  }

  /** Wants one call, and says how many milliseconds it took to get it. Infinity where it is refused. */
  async wantOne(demand: Demand): Promise<number> {
    const asked = this.#clock.now();
    try {
      return (await this.#once(demand)) - asked;
    } catch (error) {
      if (error instanceof Failure) return Infinity;
      throw error;
    }
  }

  async #insist(demand: Demand): Promise<void> {
    for (;;) {
      try {
        await this.#once(demand);
        return;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        await this.#clock.sleep((error.details.retryAfterSeconds ?? 1) * 1_000);
      }
    }
  }

  #once({ caller, priority, budget }: Demand): Promise<number> {
    const { signal } = new AbortController();
    return budget.run({ budget: 'contoso', caller, priority, signal }, async (spent) => {
      spent.answered();
      const at = this.#clock.now();
      this.calls.push({ caller, at });
      await this.#clock.sleep(50 + this.#random() * 400);
      return at;
    });
  }
}

/** Evenly spread numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
