import type { JWTPayload } from 'jose';

/** Who a token was issued to, every word of it from under the signature. */
export interface VerifiedToken {
  readonly tenantId: string;
  readonly objectId: string;
  /** The application that the person uses. */
  readonly clientId: string;
  /** Sorted, without repetitions. */
  readonly scopes: readonly string[];
  /** Sorted, without repetitions. */
  readonly roles: readonly string[];
  /** `exp`, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Why a token is not accepted, in words that its sender may read. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/**
 * Reads the claims of a token whose signature, issuer, audience and times are verified. Throws TokenRefused for a
 * token of no person, or without `requiredScope`.
 * Claims: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function readVerifiedClaims(claims: JWTPayload, requiredScope?: string): VerifiedToken {
  const { tid, oid, azp, appid, scp, exp, idtyp, roles } = claims;
  if (idtyp === 'app' || typeof scp !== 'string') {
    throw new TokenRefused(
      "An application's own token can't be exchanged, and neither can an ID token: " +
        'sign a person in, and send the access token that was issued for this service.',
    );
  }
  const clientId = azp ?? appid;
  if (typeof tid !== 'string' || typeof oid !== 'string' || typeof clientId !== 'string' || !exp) {
    throw new TokenRefused('The token lacks a claim that names its tenant, person or application.');
  }
  const scopes = sorted(scp.split(' '));
  if (requiredScope !== undefined && !scopes.includes(requiredScope)) {
    throw new TokenRefused(`The token lacks the scope ${requiredScope}: ask for one that has it.`);
  }
  return {
    tenantId: tid,
    objectId: oid,
    clientId,
    scopes,
    roles: sorted(Array.isArray(roles) ? roles.map(String) : []),
    expiresAt: exp * 1000,
  };
}

function sorted(words: readonly string[]): readonly string[] {
  return [...new Set(words.filter((word) => word !== ''))].toSorted();
}
