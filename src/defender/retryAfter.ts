/**
 * How long a Retry-After header says to wait, in milliseconds: whole or decimal seconds, or an HTTP date (RFC 9110,
 * section 10.2.3). Undefined where it is absent or says nothing.
 */
export function retryAfterMilliseconds(header: unknown, now: number): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  const seconds = Number(header);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000;
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}
