import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { LRUCache } from 'lru-cache';
import { bearerToken } from './bearer.ts';
import type { Authenticate } from './caller.ts';

/** One costs about 300 bytes. A token that is pushed out is read anew. */
const REMEMBERED_TOKENS = 10_000;

interface Claims {
  readonly budget: string;
  readonly expiresAt: number;
}

/**
 * Passes the caller's own Defender token on. This service is not the token's audience and does not judge it: Defender
 * does. What a caller may see from the cache is decided by the whole token alone; its unverified claims can only
 * shorten a life or name a budget.
 */
export function createForward(): Authenticate {
  const claimsOf = new LRUCache<string, Claims>({ max: REMEMBERED_TOKENS });

  return async (authorization) => {
    const token = bearerToken(authorization);
    const partition = createHash('sha256').update(token).digest('base64url');
    const claims = claimsOf.get(partition) ?? unverifiedClaims(token);
    claimsOf.set(partition, claims);
    return { partition, ...claims, isVerified: false, defenderToken: async () => token };
  };
}

function unverifiedClaims(token: string): Claims {
  try {
    const { tid, appid, azp, exp } = decodeJwt<Record<'tid' | 'appid' | 'azp', unknown>>(token);
    return {
      budget: `${named(tid)}/${named(appid ?? azp)}`,
      expiresAt: typeof exp === 'number' ? exp * 1_000 : Infinity,
    };
  } catch {
    return { budget: 'unknown/unknown', expiresAt: Infinity };
  }
}

function named(claim: unknown): string {
  return typeof claim === 'string' && /^[\w.-]{1,64}$/.test(claim) ? claim : 'unknown';
}
