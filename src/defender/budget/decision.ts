import { burstOf, callersOf, paceOf } from './pace.ts';
import type { Standing, WindowName } from './standing.ts';
import type { Account, Refused } from './store.ts';

/** By window, what the call pays for at the account's pace. */
export type Allowed = { readonly paid: Readonly<Record<WindowName, number>> };

/** Whether an account may take a call of both windows now. */
export function decide(
  standing: Standing,
  account: Account,
): Allowed | { readonly refused: Refused } {
  const { minute, hour, pausedFor, wantedFor } = standing;
  const callers = callersOf(standing, account);
  const pace = {
    minute: paceOf(minute, account, callers),
    hour: paceOf(hour, account, callers),
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

/** Milliseconds for which a refused interactive caller keeps bulk callers back: until it can be back, within reason. */
export function keptBackFor({ waitMilliseconds }: Refused): number {
  return Math.min(waitMilliseconds, 8_000) + 2_000;
}
