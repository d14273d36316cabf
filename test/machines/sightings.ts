import type { Caller } from '../../src/auth/caller.ts';
import type { Sighting } from '../../src/machines/sighting.ts';
import { userNameFrom } from '../../src/machines/userName.ts';
import { machineOf } from './anyMachine.ts';

export const USER_1 = userNameFrom('user1');
export const USER_2 = userNameFrom('user2');

/** A caller with rights of their own, until `expiresAt` (milliseconds since the epoch). */
export function callerWith(partition: string, expiresAt = Infinity): Caller {
  return {
    partition,
    budget: 'tenant/app',
    priority: 'interactive',
    isVerified: false,
    expiresAt,
    defenderToken: async () => partition,
  };
}

/** Where answers are not to be renewed before they grow old. */
export const neverRenewed = (): void => {};

/** A user's machines, read at `readAt`, with these ids; null for a user whom Defender does not know. */
export function sightingAt(readAt: number, ids: readonly string[] | null = ['a']): Sighting {
  return Object.freeze({
    machines: ids && Object.freeze(ids.map((id) => machineOf({ id }))),
    readAt,
    freshUntil: readAt,
    complete: true,
    source: 'LIVE',
  });
}

/** A promise with its ends in the test's hands. */
export function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: unknown) => void;
} {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((one, other) => {
    resolve = one;
    reject = other;
  });
  return { promise, resolve, reject };
}
