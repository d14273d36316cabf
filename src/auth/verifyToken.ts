import { decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../clock.ts';
import type { LoginHost } from './loginHost.ts';
import { readVerifiedClaims, TokenRefused, type VerifiedToken } from './verifyClaims.ts';
import { createTenantKeys } from './verifyKeys.ts';

/** How far the clocks of the login authority and of this service may lie apart. */
export const LEEWAY_SECONDS = 60;

export interface TokenRules {
  /** Origin of the login authority, without a slash at its end. */
  readonly authority: string;
  /** Tenant ids (GUIDs) in lower case, as `tid` has them. */
  readonly allowedTenants: readonly string[];
  readonly audiences: readonly string[];
  readonly requiredScope?: string | undefined;
  readonly loginHost: LoginHost;
  readonly clock: Clock;
  readonly timeoutMilliseconds: number;
}

/**
 * Verifies a token: RS256 by a key of its tenant, issuer of that tenant in v1 or v2 form, audience, times. Rejects with TokenRefused,
 * or with a Failure where the keys can't be had.
 */
export function createTokenVerification(rules: TokenRules) {
  const tenants = new Map(rules.allowedTenants.map((id) => [id, tenantOf(id, rules)]));

  return async (token: string): Promise<VerifiedToken> => {
    // Not yet verified: it chooses among the allowed tenants' keys and issuers, and can add none.
    const tenant = tenants.get(unverifiedTenantId(token));
    if (tenant === undefined) throw notOurs();
    const { payload } = await jwtVerify(token, tenant.keys, {
      algorithms: ['RS256'],
      issuer: [...tenant.issuers],
      audience: [...rules.audiences],
      requiredClaims: ['exp'],
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(rules.clock.now()),
    }).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? refusal(error) : error;
    });
    const verified = readVerifiedClaims(payload, rules.requiredScope);
    if (verified.tenantId !== tenant.id) throw notOurs();
    return verified;
  };
}

interface Tenant {
  readonly id: string;
  readonly keys: JWTVerifyGetKey;
  readonly issuers: readonly string[];
}

function tenantOf(id: string, rules: TokenRules): Tenant {
  const { authority, loginHost, timeoutMilliseconds } = rules;
  return {
    id,
    keys: createTenantKeys(authority, id, loginHost, timeoutMilliseconds),
    // The v1 form is the same for every cloud that Defender is in.
    issuers: [`https://sts.windows.net/${id}/`, `${authority}/${id}/v2.0`],
  };
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
