import { decodeJwt, errors, jwtVerify } from 'jose';
import type { Clock } from '../clock.ts';
import { readVerifiedClaims, TokenRefused, type VerifiedToken } from './verifyClaims.ts';
import type { KeySets } from './verifyKeys.ts';

/** How far the clocks of the login authority and of this service may lie apart. */
export const LEEWAY_SECONDS = 60;

export interface TokenRules {
  /** Origin of the login authority, without a slash at its end. */
  readonly authority: string;
  readonly audiences: readonly string[];
  readonly requiredScope?: string | undefined;
  readonly keySets: KeySets;
  readonly clock: Clock;
}

/**
 * Verifies a token: RS256 by a key of its tenant, issuer of that tenant in v1 or v2 form, audience, times. Rejects with TokenRefused,
 * or with a Failure where the keys can't be had.
 */
export function createTokenVerification(rules: TokenRules) {
  const { authority, keySets } = rules;

  return async (token: string): Promise<VerifiedToken> => {
    // Not yet verified: it chooses among the allowed tenants' keys and issuers, and can add none.
    const tenantId = unverifiedTenantId(token);
    const keys = keySets.of(tenantId);
    if (keys === undefined) throw notOurs();
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer: issuersOf(tenantId, authority),
      audience: [...rules.audiences],
      requiredClaims: ['exp'],
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(rules.clock.now()),
    }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? refusal(error) : error;
    });
    const verified = readVerifiedClaims(payload, rules.requiredScope);
    if (verified.tenantId !== tenantId) throw notOurs();
    return verified;
  };
}

/** Of a tenant's tokens. The v1 form is the same for every cloud that Defender is in. */
export function issuersOf(tenantId: string, authority: string): string[] {
  return [`https://sts.windows.net/${tenantId}/`, `${authority}/${tenantId}/v2.0`];
}

function unverifiedTenantId(token: string): string {
  try {
    const { tid } = decodeJwt(token);
    return typeof tid === 'string' ? tid : '';
  } catch {
    throw new TokenRefused('The token is not a JSON Web Token.');
  }
}

/** One text for whatever is wrong before or with the signature: it tells a forger nothing about the next attempt. */
function notOurs(cause?: unknown): TokenRefused {
  const message = 'The token was not signed for a tenant that this service accepts.';
  return new TokenRefused(message, { cause });
}

function refusal(error: errors.JOSEError): TokenRefused {
  if (error instanceof errors.JWTExpired) {
    return new TokenRefused('The token has expired: get a new one.', { cause: error });
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf')
      return new TokenRefused('The token is not valid yet.', { cause: error });
    if (error.claim === 'aud') {
      const message = 'The token was issued for another service: ask for a scope of this one.';
      return new TokenRefused(message, { cause: error });
    }
  }
  return notOurs(error);
}
