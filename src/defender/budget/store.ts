import type { Standing, WindowName } from './standing.ts';

/** Whose share a call is taken from. All bulk callers of a budget are one account. */
export interface Account {
  readonly name: string;
  readonly isBulk: boolean;
}

export const BULK = 'bulk';

export function accountOf(caller: string, isBulk: boolean): Account {
  return { name: isBulk ? BULK : `caller ${caller}`, isBulk };
}

export interface Limits {
  readonly minute: number;
  readonly hour: number;
}

export interface WindowOptions {
  /** Calls in each window. */
  readonly limits: Limits;
  /**
   * Added to each window, so that two calls whose ways to Defender differ by up to so much do not meet in one of its
   * windows.
   */
  readonly marginMilliseconds: number;
}

export interface Refused {
  /** After which it may go better. At least 1. */
  readonly waitMilliseconds: number;
  readonly by: WindowName | 'pause';
  /** Whether every account is refused until then, whatever its share. */
  readonly forAll: boolean;
  readonly standing: Standing;
}

/** The name of the call in both windows, or why it was not taken. */
export type Taken = { readonly call: string } | { readonly refused: Refused };

/** What has been spent, by budget: in this process or shared by all replicas. No method rejects. */
export interface BudgetStore {
  /** Takes one call from both windows, or from neither. */
  take(budget: string, account: Account): Promise<Taken>;
  refund(budget: string, call: string): Promise<void>;
  /** Nobody takes for so many milliseconds. Never shortens a pause. */
  pause(budget: string, milliseconds: number): Promise<void>;
  /** Lowers a window's limit for an hour: Defender has named a smaller one. */
  teach(budget: string, window: WindowName, limit: number): Promise<void>;
  /** Spends nothing. */
  read(budget: string, account: Account): Promise<Standing>;
  /** Whether replicas are out of touch, so that each keeps to its part of the budget. */
  isDegraded(): boolean;
}
