const CLAIMS = /\bclaims="([A-Za-z0-9+/_-]{2,8192}={0,2})"/;

/**
 * The claims of a claims challenge (continuous access evaluation), base64 as they came: a token with these claims is
 * what Entra wants next. Undefined where the WWW-Authenticate header holds no such challenge.
 */
export function claimsChallenge(header: string | string[] | undefined): string | undefined {
  const challenges = [header ?? []].flat();
  const challenge = challenges.find((text) => text.includes('insufficient_claims'));
  return challenge && CLAIMS.exec(challenge)?.[1];
}
