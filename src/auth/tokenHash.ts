import { hash } from 'node:crypto';

/** Names a token without holding it: its SHA-256. */
export function hashOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
