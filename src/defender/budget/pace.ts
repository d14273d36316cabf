import {
  comesBack,
  SLICES,
  type Standing,
  type WindowStanding,
  type WindowUse,
} from './standing.ts';
import type { Account } from './store.ts';

// The budget is fair, keeps something for a newcomer, and is yet used up while anyone waits. Per window and account:
//
// 1. Burst: an account takes calls at once while it has used less than a multiple of what is left (a dynamic threshold,
//    as switches share their buffers): alone it gets three quarters of the minute and half of the hour.
// 2. Pace: beyond that it takes its part of the steepest even rate that never runs dry: the lowest of the straight
//    lines from now to what will have come back at each slice of the window. A burst's echo a window later is thus
//    spread, not repeated. Who comes late catches up for a twentieth of a window.
// 3. Reserve: the account that used most leaves 2 % of the window alone, others less by what they have used of that,
//    a newcomer nothing. So what comes back goes first to who has used least, on whichever replica it asks.
// 4. All bulk callers are one account, with a tenth of the window as its burst. Beyond that it is paced and stops while
//    an interactive caller waits.
const BURST = { minute: 3, hour: 1 };
const RESERVE = 0.02;
const BULK_BURST = 0.1;
const CATCH_UP = 1 / 20;

/** How many calls of the window this account leaves to others. */
function reserveOf({ limit, own, most }: WindowUse, { isBulk }: Account): number {
  if (isBulk) return own < limit * BULK_BURST ? 0 : Math.floor(limit * RESERVE);
  return most === 0 ? 0 : Math.floor((limit * RESERVE * own) / most);
}

/** How many calls this account may still take at once, as far as its share goes. */
export function burstOf(window: WindowUse, { isBulk }: Account): number {
  const { name, limit, used, own } = window;
  const times = BURST[name];
  const burst = isBulk ? limit * BULK_BURST - own : (times * (limit - used) - own) / (times + 1);
  return Math.max(0, Math.ceil(burst));
}

/** How many calls of the window are left for this account. */
export function stockOf(window: WindowUse, account: Account): number {
  return window.limit - window.used - reserveOf(window, account);
}

/** Whether the account may take a call at once, whatever its pace. Such a call pays for nothing. */
export function mayBurst(window: WindowUse, account: Account): boolean {
  return stockOf(window, account) >= 1 && burstOf(window, account) > 0;
}

/** How many calls must be left for the account to burst when it takes its `nth` from now, all before included. */
export function leftToBurst(
  { name, limit, own }: WindowStanding,
  { isBulk }: Account,
  nth: number,
) {
  const used = own + nth - 1;
  if (isBulk) return used < limit * BULK_BURST ? nth : Infinity;
  return Math.floor(used / BURST[name]) + nth;
}

/**
 * The time up to which the account's pace is paid, in milliseconds from now: negative where it may catch up. Who has
 * waited for a whole `gap` between two of its calls has always earned one, however long that is.
 */
export function paidOf({ paid, length }: WindowStanding, gap: number): number {
  return Math.max(paid, -Math.max(length * CATCH_UP, gap));
}

/** Among how many the pace is divided: the interactive accounts of late, if all used as much as the one that used most. */
export function callersOf({ minute: { used, most, bulk } }: Standing, { isBulk }: Account): number {
  return isBulk || most === 0 ? 1 : (used - bulk) / most;
}

/** Milliseconds between two calls of everybody, where `stock` calls are left now. */
export function gapOf({ length, freed }: WindowStanding, stock: number): number {
  let slowest = Infinity;
  for (let slice = 0; slice < SLICES; slice += 1) {
    const perSlice = (stock + (freed[slice] ?? 0)) / (slice + 1);
    if (perSlice < slowest) slowest = perSlice;
  }
  return length / (SLICES * slowest);
}

/** For a call taken now: what it pays for at the account's pace, and how long it must wait, in milliseconds. */
export function paceOf(
  window: WindowStanding,
  account: Account,
  callers: number,
): { readonly wait: number; readonly paid: number } {
  const stock = stockOf(window, account);
  if (stock < 1) return { wait: comesBack(window, 1 - stock), paid: 0 };
  if (mayBurst(window, account)) return { wait: 0, paid: 0 };
  const gap = callers * gapOf(window, stock);
  const due = paidOf(window, gap) + gap;
  return { wait: Math.max(0, due), paid: due };
}
