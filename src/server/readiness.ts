import type { KeySets } from '../auth/verifyKeys.ts';

/** Whether this process should be sent requests. A degraded one answers them all, some of them less well. */
export interface Readiness {
  readonly status: 'ok' | 'degraded' | 'unready' | 'stopping';
  /** For an operator. Whoever reaches the port can read them, so they name no tenant, host or budget. */
  readonly reasons?: readonly string[];
}

export interface ReadinessParts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Undefined where no tokens are verified. */
  readonly keySets: Pick<KeySets, 'size' | 'missing' | 'fetchMissing'> | undefined;
  /** Undefined where nothing is shared. */
  readonly isRedisReady: (() => boolean) | undefined;
  /** Milliseconds since the epoch. */
  readonly pausedUntil: () => Promise<number>;
  /** For how long requests have been shed; 0 while none are. */
  readonly sheddingMilliseconds: () => number;
}

/** Milliseconds. */
const LONG = 30_000;

/**
 * What `/readyz` answers; a wrong configuration never gets as far as to listen. Where keys were never fetched, they are
 * fetched for who asks next. Shedding is degraded at first: a process that leaves the balancer for each burst puts its share
 * on the others, which then leave too, until nobody answers at all; and a 503 with a time to come back is an answer. Who
 * sheds for long has something that the others don't, and they should have its requests.
 */
export function createReadiness(parts: ReadinessParts): () => Promise<Readiness> {
  const { now, keySets, isRedisReady, pausedUntil, sheddingMilliseconds } = parts;
  return async () => {
    const missing = keySets?.missing() ?? 0;
    if (missing > 0) void keySets?.fetchMissing();
    if (missing > 0 && missing === keySets?.size) {
      const reason = 'No signing keys of the login authority yet: nobody can be let in';
      return { status: 'unready', reasons: [reason] };
    }
    const shedding = sheddingMilliseconds();
    if (shedding >= LONG) {
      return { status: 'unready', reasons: ['It has had more to do than it can for too long'] };
    }
    const reasons: string[] = [];
    if (missing > 0) reasons.push('The signing keys of some tenants are missing');
    if (isRedisReady?.() === false) reasons.push('Redis is out of reach');
    if (shedding > 0)
      reasons.push('There is more to do than can be done: new requests are refused');
    if (now() < (await pausedUntil())) reasons.push('Defender has asked for a pause');
    return reasons.length > 0 ? { status: 'degraded', reasons } : { status: 'ok' };
  };
}
