import type { Clock } from '../../clock.ts';
import { onAbort } from '../../flights/onAbort.ts';

/** One ask that has not been given what it waits for. */
export interface Waiter<T> {
  /** Milliseconds since the epoch after which it waits no longer. */
  readonly deadline: number;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export interface WaitOptions<T> {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly milliseconds: number;
  join(waiter: Waiter<T>): void;
  /** Called once, when it waits no longer, for whatever reason. */
  leave(waiter: Waiter<T>): void;
  /** Called when the time is over: it rejects. */
  timeOut(waiter: Waiter<T>): void;
}

/** Waits to be given something. Rejects with the signal's reason, or as it is rejected. */
export function waitFor<T>(options: WaitOptions<T>): Promise<T> {
  const { signal, clock, milliseconds } = options;
  return new Promise((resolve, reject) => {
    const settle = () => {
      options.leave(waiter);
      cancelTimeout();
      takeBack();
    };
    const waiter: Waiter<T> = {
      deadline: clock.now() + milliseconds,
      resolve(value) {
        settle();
        resolve(value);
      },
      reject(error) {
        settle();
        reject(error);
      },
    };
    const cancelTimeout = clock.after(milliseconds, () => options.timeOut(waiter));
    const takeBack = onAbort(signal, () => waiter.reject(signal.reason));
    options.join(waiter);
  });
}
