import type { Clock } from '../../clock.ts';
import { Spending, type Heritage } from './spending.ts';
import type { Standing, WindowName } from './standing.ts';
import type { Account, BudgetStore, Taken, WindowOptions } from './store.ts';

/**
 * Names may be invented, so their number is bounded. A name is forgotten once nothing of it is spent, which a refunded
 * 401 brings about by itself. A name with something spent is never forgotten, as that would give it a second budget.
 * Names beyond the bound share one budget.
 */
const MOST_BUDGETS = 1_000;

export interface MemoryStoreOptions extends WindowOptions {
  readonly clock: Clock;
  readonly mostBudgets?: number;
  /** Names a call. Numbers from 1 where absent. */
  readonly callOf?: (account: Account) => string;
}

/** What has been spent, in this process alone. */
export class MemoryStore implements BudgetStore {
  readonly #options: MemoryStoreOptions;
  readonly #spendings = new Map<string, Spending>();
  readonly #others: Spending;
  #calls = 0;

  constructor(options: MemoryStoreOptions) {
    this.#options = options;
    this.#others = this.#unspent();
  }

  /** How many budgets are remembered. */
  get size(): number {
    return this.#spendings.size;
  }

  isDegraded(): boolean {
    return false;
  }

  async take(budget: string, account: Account): Promise<Taken> {
    const now = this.#options.clock.now();
    const spending = this.#open(budget);
    const decision = spending.decide(account, now);
    if ('refused' in decision) return decision;
    this.#calls += 1;
    const call = this.#options.callOf?.(account) ?? String(this.#calls);
    spending.add(call, account, decision, now);
    return { call };
  }

  async refund(budget: string, call: string): Promise<void> {
    const spending = this.#find(budget);
    spending.remove(call);
    if (spending.isUnspent(this.#options.clock.now())) this.#spendings.delete(budget);
  }

  async pause(budget: string, milliseconds: number): Promise<void> {
    this.#open(budget).pause(milliseconds, this.#options.clock.now());
  }

  async teach(budget: string, window: WindowName, limit: number): Promise<void> {
    this.#open(budget).teach(window, limit, this.#options.clock.now());
  }

  async read(budget: string, account: Account): Promise<Standing> {
    return this.#find(budget).standing(account, this.#options.clock.now());
  }

  adopt(budget: string, heritage: Heritage): void {
    this.#open(budget).adopt(heritage);
  }

  #find(budget: string): Spending {
    const known = this.#spendings.get(budget);
    if (known) return known;
    return this.#mayOpen() ? this.#unspent() : this.#others;
  }

  #open(budget: string): Spending {
    const spending = this.#find(budget);
    if (spending !== this.#others) this.#spendings.set(budget, spending);
    return spending;
  }

  /** What a name spends among the others must come back before it may get a budget of its own. */
  #mayOpen(): boolean {
    const now = this.#options.clock.now();
    const most = this.#options.mostBudgets ?? MOST_BUDGETS;
    if (this.size >= most) {
      for (const [budget, spending] of this.#spendings) {
        if (spending.isUnspent(now)) this.#spendings.delete(budget);
      }
    }
    return this.size < most && this.#others.isUnspent(now);
  }

  #unspent(): Spending {
    return new Spending(this.#options.limits, this.#options.marginMilliseconds);
  }
}
