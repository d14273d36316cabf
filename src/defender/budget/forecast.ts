import { burstOf, callersOf, gapOf, leftToBurst, paidOf, stockOf } from './pace.ts';
import { comesBack, SLICES, type Standing, type WindowStanding } from './standing.ts';
import type { Account } from './store.ts';

/**
 * Milliseconds from the moment of `standing` until the account can take its `nth` call, where `ahead` calls of others go
 * first. As exact as the slices of the windows.
 */
export function forecast(
  standing: Standing,
  account: Account,
  nth: number,
  ahead: number,
): { readonly wait: number; readonly by: 'pause' | 'minute' | 'hour' } {
  const callers = callersOf(standing, account);
  const minute = windowForecast(standing.minute, account, callers, nth, ahead);
  const hour = windowForecast(standing.hour, account, callers, nth, ahead);
  const wait = Math.max(standing.pausedFor, minute, hour);
  return { wait, by: wait === hour ? 'hour' : wait === minute ? 'minute' : 'pause' };
}

/** What is known of a budget, as it stands for an account of which nothing is known. */
export function toNewcomer(standing: Standing): Standing {
  const { minute, hour } = standing;
  return {
    ...standing,
    minute: { ...minute, own: 0, paid: -minute.length },
    hour: { ...hour, own: 0, paid: -hour.length },
  };
}

function windowForecast(
  window: WindowStanding,
  account: Account,
  callers: number,
  nth: number,
  ahead: number,
): number {
  const stock = stockOf(window, account);
  const burst = Math.min(nth, burstOf(window, account));
  const hard = comesBack(window, nth + ahead - stock);
  if (nth === burst) return hard;
  const left = Math.max(1, stock - burst);
  const pace = paceTime(window, left, callers * (nth - burst));
  const paced = burst === 0 ? paidOf(window, callers * gapOf(window, left)) + pace : pace;
  const again = comesBack(window, leftToBurst(window, account, nth) + ahead - stock);
  return Math.max(hard, Math.min(paced, again));
}

/** Milliseconds in which an account takes so many calls at its pace, which changes where the straight line touches. */
function paceTime({ limit, length, freed }: WindowStanding, stock: number, count: number): number {
  let from = { time: 0, taken: 0, slice: 0 };
  while (from.taken < count && from.slice < SLICES) {
    let touches = { rate: Infinity, time: 0, taken: 0, slice: 0 };
    for (let slice = from.slice; slice < SLICES; slice += 1) {
      const time = ((slice + 1) * length) / SLICES;
      const taken = stock + (freed[slice] ?? 0);
      const rate = (taken - from.taken) / (time - from.time);
      if (rate <= touches.rate) touches = { rate, time, taken, slice: slice + 1 };
    }
    if (count <= touches.taken) return from.time + (count - from.taken) / touches.rate;
    from = touches;
  }
  return from.time + ((count - from.taken) * length) / limit;
}
