import type { Clock } from '../../clock.ts';
import type { Log } from '../../telemetry/log.ts';
import { Knowledge } from './knowledge.ts';
import { MemoryStore } from './memoryStore.ts';
import type { RedisStore } from './redisStore.ts';
import { partOf } from './spending.ts';
import type { Standing, WindowName } from './standing.ts';
import {
  accountOf,
  type Account,
  type BudgetStore,
  type Taken,
  type WindowOptions,
} from './store.ts';

export interface SharedStoreOptions extends WindowOptions {
  readonly redis: RedisStore;
  /** How many replicas there are, of which each keeps to its part while Redis is out of reach. */
  readonly replicas: number;
  readonly clock: Clock;
  readonly log: Log;
}

interface Alone {
  readonly store: MemoryStore;
  readonly budgets: Set<string>;
}

/** Milliseconds after which Redis is asked again. */
const RETRY = 1_000;

/**
 * What has been spent, shared by all replicas, and while Redis is out of reach kept in this process: then each replica
 * takes its part of what it last knew to be left. A budget is thus overrun at most by what others took since then.
 */
export class SharedStore implements BudgetStore {
  readonly #options: SharedStoreOptions;
  readonly #knowledge: Knowledge;
  /** Set while Redis is out of reach, with the budgets that have been handed over to it. */
  #alone: Alone | undefined;

  constructor(options: SharedStoreOptions) {
    this.#options = options;
    this.#knowledge = new Knowledge(options.marginMilliseconds);
  }

  isDegraded(): boolean {
    return this.#alone !== undefined;
  }

  async take(budget: string, account: Account): Promise<Taken> {
    const { redis, clock } = this.#options;
    const taken = await this.#either(
      budget,
      async () => {
        const answer = await redis.take(budget, account);
        this.#knowledge.read(budget, answer.standing, clock.now());
        return answer;
      },
      (alone) => alone.take(budget, account),
    );
    if ('call' in taken) {
      const made = { account: account.name, at: clock.now() };
      this.#knowledge.made(budget, taken.call, made, !this.isDegraded());
    }
    return taken;
  }

  async refund(budget: string, call: string): Promise<void> {
    let isTold = false;
    await this.#either(
      budget,
      async () => {
        await this.#options.redis.refund(budget, call);
        isTold = true;
      },
      (alone) => alone.refund(budget, call),
    );
    this.#knowledge.refunded(budget, call, isTold);
  }

  async pause(budget: string, milliseconds: number): Promise<void> {
    this.#knowledge.paused(budget, this.#options.clock.now() + milliseconds);
    await this.#either(
      budget,
      () => this.#options.redis.pause(budget, milliseconds),
      (alone) => alone.pause(budget, milliseconds),
    );
  }

  async teach(budget: string, window: WindowName, limit: number): Promise<void> {
    await this.#either(
      budget,
      () => this.#options.redis.teach(budget, window, limit),
      (alone) => alone.teach(budget, window, partOf(limit, this.#options.replicas)),
    );
  }

  read(budget: string, account: Account): Promise<Standing> {
    return this.#either(
      budget,
      () => this.#options.redis.read(budget, account),
      (alone) => alone.read(budget, account),
    );
  }

  /** Redis is out of reach, or was and may have lost its data: it must be told all before it is asked again. */
  lost(cause: unknown): void {
    if (this.#alone) return;
    const { clock, replicas, log } = this.#options;
    log.warn({ err: cause, replicas }, 'Redis is out of reach: keeping to a part of the budget');
    this.#alone = this.#startAlone();
    this.#knowledge.forgetWhatIsTold();
    clock.after(RETRY, () => void this.#return());
  }

  async #return(): Promise<void> {
    const { redis, clock, log } = this.#options;
    try {
      await redis.read('', accountOf('', false));
      let isToldAll = false;
      while (!isToldAll) isToldAll = await this.#tellAll();
      this.#alone = undefined;
      log.info('Redis is back: sharing the budget again');
    } catch {
      clock.after(RETRY, () => void this.#return());
    }
  }

  /** Whether there was nothing to tell. */
  async #tellAll(): Promise<boolean> {
    const { redis, clock } = this.#options;
    let isToldAll = true;
    for (const budget of this.#knowledge.budgets) {
      const pause = this.#knowledge.pausedUntil(budget) - clock.now();
      if (pause > 0) await redis.pause(budget, pause);
      const untold = this.#knowledge.untold(budget, clock.now());
      if (untold.past.length + untold.owed.length === 0) continue;
      isToldAll = false;
      await redis.tell(budget, untold.past);
      for (const call of untold.owed) await redis.refund(budget, call);
      this.#knowledge.told(budget, untold);
    }
    return isToldAll;
  }

  async #either<T>(
    budget: string,
    shared: () => Promise<T>,
    alone: (store: MemoryStore) => Promise<T>,
  ): Promise<T> {
    if (!this.#alone) {
      try {
        return await shared();
      } catch (error) {
        this.lost(error);
      }
    }
    return alone(this.#storeOf(budget));
  }

  #storeOf(budget: string): MemoryStore {
    const { store, budgets } = (this.#alone ??= this.#startAlone());
    if (!budgets.has(budget)) {
      budgets.add(budget);
      const now = this.#options.clock.now();
      this.#knowledge.handOver(budget, store, this.#options.replicas, now);
    }
    return store;
  }

  #startAlone(): Alone {
    const { redis, clock, limits, marginMilliseconds, replicas } = this.#options;
    const store = new MemoryStore({
      clock,
      limits: {
        minute: partOf(limits.minute, replicas),
        hour: partOf(limits.hour, replicas),
      },
      marginMilliseconds,
      callOf: (account) => redis.callOf(account),
    });
    return { store, budgets: new Set() };
  }
}
