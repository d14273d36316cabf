import { hkdfSync } from 'node:crypto';

/** 32 bytes by HKDF-SHA-256: the same for the same secret and purpose, and telling nothing of either. */
export function derivedKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `defender-user-machines ${purpose}`, 32));
}
