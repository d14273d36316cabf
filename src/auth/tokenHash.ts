import { createHash } from 'node:crypto';

/** Names a token without holding it: its SHA-256. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
