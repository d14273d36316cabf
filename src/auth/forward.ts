import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { bearerToken } from './bearer.ts';
import type { Authenticate } from './caller.ts';

/**
 * Passes the caller's own Defender token on. This service is not the token's audience and does not judge it: Defender
 * does. What a caller may see from the cache is decided by the whole token alone; its unverified claims can only
 * shorten a life or name a budget.
 */
export const forward: Authenticate = async (authorization) => {
  const token = bearerToken(authorization);
  const claims = unverifiedClaims(token);
  return {
    partition: createHash('sha256').update(token).digest('base64url'),
    budget: claims.budget,
    expiresAt: claims.expiresAt,
    isVerified: false,
    defenderToken: async () => token,
  };
};

function unverifiedClaims(token: string): { budget: string; expiresAt: number } {
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
