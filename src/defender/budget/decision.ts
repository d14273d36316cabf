import { burstOf, callersOf, paceOf } from './pace.ts';
import type { Standing, WindowName } from './standing.ts';
import type { Account, Refused } from './store.ts';

/** Milliseconds from now until so many calls of a window have come back. */
export type ComesBack = (count: number) => number;

/** By window, what the call pays for at the account's pace. */
export type Allowed = { readonly paid: Readonly<Record<WindowName, number>> };

/** Whether an account may take a call of both windows now. */
export function decide(
  standing: Standing,
  account: Account,
  comesBack: Readonly<Record<WindowName, ComesBack>>,
): Allowed | { readonly refused: Refused } {
  const { minute, hour, pausedFor, wantedFor } = standing;
  const callers = callersOf(standing, account);
  const pace = {
    minute: paceOf(minute, account, callers, comesBack.minute),
    hour: paceOf(hour, account, callers, comesBack.hour),
  };
  const hasBurst = burstOf(minute, account) > 0 && burstOf(hour, account) > 0;
  const yields = account.isBulk && !hasBurst ? wantedFor : 0;
  const wait = Math.max(pausedFor, yields, pace.minute.wait, pace.hour.wait);
  if (wait <= 0) return { paid: { minute: pace.minute.paid, hour: pace.hour.paid } };
  return {
    refused: {
      waitMilliseconds: Math.ceil(wait),
      by: wait === pausedFor ? 'pause' : wait === pace.hour.wait ? 'hour' : 'minute',
      forAll: pausedFor > 0 || minute.used >= minute.limit || hour.used >= hour.limit,
      standing,
    },
  };
}
