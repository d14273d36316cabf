import { decodeClaims, encodeClaims } from '../auth/claimsChallenge.ts';

const CLAIMS = /\bclaims="([A-Za-z0-9+/_-]{2,8192}={0,2})"/;

/**
 * The claims of a claims challenge (continuous access evaluation) in base64, whichever alphabet they came in: a token
 * with these claims is what Entra wants next. Undefined where the WWW-Authenticate header holds no such challenge.
 */
export function claimsChallenge(header: string | string[] | undefined): string | undefined {
  const challenges = [header ?? []].flat();
  const challenge = challenges.find((text) => text.includes('insufficient_claims'));
  const [, claims] = CLAIMS.exec(challenge ?? '') ?? [];
  return claims && encodeClaims(decodeClaims(claims));
}
