import { LRUCache } from 'lru-cache';
import type { MemoryStore } from './memoryStore.ts';
import type { PastCall } from './redisStore.ts';
import { WINDOWS } from './spending.ts';
import type { Standing } from './standing.ts';

const MOST_BUDGETS = 1_000;

interface Made {
  readonly account: string;
  readonly at: number;
}

/** What one process knows of a budget. Times are milliseconds since the epoch. */
interface Known {
  /** As it was last read from Redis, and how many calls this process has made since. */
  read?: { readonly standing: Standing; readonly at: number; later: number };
  /** This process's calls of the last hour, oldest first. */
  readonly calls: Map<string, Made>;
  /** Those that Redis may not know of. */
  readonly untold: Set<string>;
  /** Refunded calls that Redis may still count. */
  readonly owed: Set<string>;
  pausedUntil: number;
}

export interface Untold {
  readonly past: readonly PastCall[];
  readonly owed: readonly string[];
}

/** What one process knows of the budgets: enough to go on alone, and to tell a Redis that has lost its data. */
export class Knowledge {
  readonly #longest: number;
  readonly #known = new LRUCache<string, Known>({ max: MOST_BUDGETS });

  constructor(marginMilliseconds: number) {
    this.#longest = WINDOWS.hour + marginMilliseconds;
  }

  get budgets(): string[] {
    return [...this.#known.keys()];
  }

  read(budget: string, standing: Standing, at: number): void {
    this.#of(budget).read = { standing, at, later: 0 };
  }

  made(budget: string, call: string, { account, at: now }: Made, isTold: boolean): void {
    const { calls, untold, read } = this.#of(budget);
    calls.set(call, { account, at: now });
    if (read) read.later += 1;
    if (!isTold) untold.add(call);
    for (const [past, { at }] of calls) {
      if (at > now - this.#longest) break;
      calls.delete(past);
      untold.delete(past);
    }
  }

  refunded(budget: string, call: string, isTold: boolean): void {
    const { calls, untold, owed, read } = this.#of(budget);
    calls.delete(call);
    untold.delete(call);
    if (isTold) owed.delete(call);
    else owed.add(call);
    if (calls.size + owed.size === 0 && !read?.standing.hour.used) this.#known.delete(budget);
  }

  paused(budget: string, until: number): void {
    const known = this.#of(budget);
    known.pausedUntil = Math.max(known.pausedUntil, until);
  }

  pausedUntil(budget: string): number {
    return this.#known.get(budget)?.pausedUntil ?? 0;
  }

  /** Redis may have lost everything. */
  forgetWhatIsTold(): void {
    for (const { calls, untold } of this.#known.values()) {
      for (const call of calls.keys()) untold.add(call);
    }
  }

  /** What Redis is to be told of a budget. */
  untold(budget: string, now: number): Untold {
    const { calls, untold, owed } = this.#of(budget);
    const agoOf = (call: string) => now - (calls.get(call)?.at ?? 0);
    const past = Array.from(untold, (call) => ({ call, agoMilliseconds: agoOf(call) }));
    return { past, owed: [...owed] };
  }

  told(budget: string, { past, owed }: Untold): void {
    const known = this.#of(budget);
    for (const { call } of past) known.untold.delete(call);
    for (const call of owed) known.owed.delete(call);
  }

  /** Lets a store go on with one of so many equal parts of what is known. */
  handOver(budget: string, store: MemoryStore, parts: number, now: number): void {
    const { read, calls, pausedUntil } = this.#of(budget);
    void store.pause(budget, pausedUntil - now);
    const accounts = Array.from(calls.values(), ({ account }) => account).toReversed();
    if (read) store.adopt(budget, { ...read, accounts, parts });
  }

  #of(budget: string): Known {
    const known = this.#known.get(budget);
    if (known) return known;
    const fresh = {
      calls: new Map<string, Made>(),
      untold: new Set<string>(),
      owed: new Set<string>(),
      pausedUntil: 0,
    };
    this.#known.set(budget, fresh);
    return fresh;
  }
}
