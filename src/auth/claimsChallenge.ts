/**
 * A claims challenge travels as base64 in HTTP headers and in `extensions.claims`, and as JSON in a token request.
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */

/** The JSON text of a challenge in base64 or base64url; undefined where it is not a JSON object. */
export function decodeClaims(base64: string): string | undefined {
  const json = Buffer.from(base64, 'base64').toString('utf8');
  return isJsonObject(json) ? json : undefined;
}

/** What a token endpoint names as `claims`, ready for a client; undefined where it names nothing usable. */
export function encodeClaims(json: unknown): string | undefined {
  if (typeof json !== 'string' || !isJsonObject(json)) return undefined;
  return Buffer.from(json, 'utf8').toString('base64');
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
