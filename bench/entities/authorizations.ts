import { createHash } from 'node:crypto';
import { contosoTenantId, defaultAppId } from '../../emulator/callers.ts';
import { guidOf } from '../../emulator/random.ts';
import type { LoginAuthority } from '../loginAuthority.ts';

/** Authorization headers. */
export interface Authorizations {
  readonly forward: string;
  readonly onBehalfOf: string;
}

/** Bytes of a real Defender token's signed part, more or less. */
const TOKEN_BYTES = 1_600;
const HEADER = { typ: 'JWT', alg: 'RS256', kid: 'made-up' };

export async function authorizations(authority: LoginAuthority): Promise<Authorizations> {
  const [token = ''] = await authority.tokens(1);
  return { forward: forwarded(0), onBehalfOf: `Bearer ${token}` };
}

/** In the form of a Defender token; its signature is none, and nobody here checks it. */
export function forwarded(index: number): string {
  const digest = createHash('sha256').update(`caller ${index}`).digest();
  const claims = {
    tid: contosoTenantId,
    appid: defaultAppId,
    oid: guidOf(`caller ${index}`),
    exp: Math.floor(Date.now() / 1_000) + 86_400,
    padding: digest.toString('hex').repeat((TOKEN_BYTES / 4 / 64) * 3),
  };
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signature = Buffer.alloc(256, digest).toString('base64url');
  return `Bearer ${encoded(HEADER)}.${encoded(claims)}.${signature}`;
}
