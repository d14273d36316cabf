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
}

/**
 * What `/readyz` answers; a wrong configuration never gets as far as to listen. Where keys were never fetched, they are
 * fetched for who asks next.
 */
export function createReadiness(parts: ReadinessParts): () => Promise<Readiness> {
  const { now, keySets, isRedisReady, pausedUntil } = parts;
  return async () => {
    const missing = keySets?.missing() ?? 0;
    if (missing > 0) void keySets?.fetchMissing();
    if (missing > 0 && missing === keySets?.size) {
      const reason = 'No signing keys of the login authority yet: nobody can be let in';
      return { status: 'unready', reasons: [reason] };
    }
    const reasons: string[] = [];
    if (missing > 0) reasons.push('The signing keys of some tenants are missing');
    if (isRedisReady?.() === false) reasons.push('Redis is out of reach');
    if (now() < (await pausedUntil())) reasons.push('Defender has asked for a pause');
    return reasons.length > 0 ? { status: 'degraded', reasons } : { status: 'ok' };
  };
}
