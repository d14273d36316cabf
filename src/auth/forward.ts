import { decodeJwt } from 'jose';
import { LRUCache } from 'lru-cache';
import { bearerToken, offeredToken } from './bearer.ts';
import type { Authenticated, Identity, Recognize } from './caller.ts';
import { hashOf } from './tokenHash.ts';

interface Claims {
  readonly budget: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly subject?: string;
}

const REMEMBERED_TOKENS = 10_000;

/**
 * Passes the caller's own Defender token on. This service is not the token's audience and does not judge it: Defender
 * does. What a caller may see from the cache is decided by the whole token alone; its unverified claims can only
 * shorten a life or name a budget.
 */
export function createForward(): Identity {
  /** What was read of well-formed tokens, by their SHA-256: the tokens themselves are not kept. */
  const known = new LRUCache<string, Claims>({ max: REMEMBERED_TOKENS });

  const recognize: Recognize = (authorization) => {
    const token = offeredToken(authorization);
    const hash = hashOf(token);
    const claims = known.get(hash);
    return claims && authenticated(token, hash, claims);
  };

  return {
    recognize,
    async authenticate(authorization) {
      const caller = recognize(authorization);
      if (caller) return caller;
      const token = bearerToken(authorization);
      const hash = hashOf(token);
      const claims = unverifiedClaims(token);
      known.set(hash, claims);
      return authenticated(token, hash, claims);
    },
  };
}

function authenticated(token: string, partition: string, claims: Claims): Authenticated {
  return { partition, ...claims, isVerified: false, defenderToken: async () => token };
}

function unverifiedClaims(token: string): Claims {
  try {
    const { tid, appid, azp, oid, exp } =
      decodeJwt<Record<'tid' | 'appid' | 'azp' | 'oid', unknown>>(token);
    return {
      budget: `${named(tid)}/${named(appid ?? azp)}`,
      ...(oid !== undefined && { subject: `${named(tid)}/${named(oid)}` }),
      expiresAt: typeof exp === 'number' ? exp * 1_000 : Infinity,
    };
  } catch {
    return { budget: 'unknown/unknown', expiresAt: Infinity };
  }
}

function named(claim: unknown): string {
  return typeof claim === 'string' && /^[\w.-]{1,64}$/.test(claim) ? claim : 'unknown';
}
