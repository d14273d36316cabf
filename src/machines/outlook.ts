import type { Caller } from '../auth/caller.ts';
import type { Budget, BudgetReading } from '../defender/budget.ts';
import { Failure } from '../errors.ts';
import type { MachineCache } from './cache.ts';
import { userNameFrom, type UserName } from './userName.ts';

/** What asking for some users would take. */
export interface Estimate {
  /** Distinct users whose answer is remembered and fresh. */
  readonly cached: number;
  /** Calls for the others, if each answer comes in one page. */
  readonly calls: number;
  /** When so many calls can have been made, in milliseconds since the epoch, as far as is known now. */
  readonly readyAt: number;
}

/** Looks ahead without spending a call. */
export interface Outlook {
  budget(caller: Caller): Promise<BudgetReading>;
  estimate(caller: Caller, userNames: readonly string[]): Promise<Estimate>;
}

export function createOutlook(cache: MachineCache, budget: Budget): Outlook {
  return {
    budget: (caller) => budget.read(caller.budget),
    async estimate(caller, userNames) {
      const accounts = new Set(userNames.flatMap(accountOf));
      const cached = [...accounts].filter((account) => cache.fresh(caller, account)).length;
      const calls = accounts.size - cached;
      const { budget: name, partition, priority } = caller;
      const readyAt = await budget.readyAt({ budget: name, caller: partition, priority }, calls);
      return { cached, calls, readyAt };
    },
  };
}

/** A name that no account can have is refused without a call. */
function accountOf(userName: string): UserName[] {
  try {
    return [userNameFrom(userName)];
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
