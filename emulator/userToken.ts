import { SignJWT, UnsecuredJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { contosoTenantId, objectIdOf } from './callers.ts';
import type { Caller } from './callers.ts';
import { guidOf } from './random.ts';
import { makeSigningKey } from './signingKeys.ts';
import type { SigningKey } from './signingKeys.ts';

/** The front-end's application, which asks for tokens for the service. */
export const frontEndAppId = 'e02d6b8f-94c3-4b17-a6d5-3f8c1e7b5a40';

export interface UserTokenOptions {
  /** Default: the client id of the service, bare in v2 and as `api://…` in v1. */
  readonly audience?: string;
  /** Default 3,600. A negative number makes an expired token. */
  readonly expiresInSeconds?: number;
  /** Default 0: valid from now on. */
  readonly notBeforeInSeconds?: number;
  /** Default `access_as_user`. */
  readonly scopes?: readonly string[];
  /** Default: the caller's. */
  readonly tenant?: string;
  /** Default 2. */
  readonly version?: 1 | 2;
  /** Laid over the claims of the token; undefined takes one out. */
  readonly claims?: JWTPayload;
  /** Default RS256. `HS256` signs with the text of the public key, `none` not at all: both are attacks. */
  readonly alg?: 'RS256' | 'PS256' | 'RS512' | 'HS256' | 'none';
  /** `foreign`: a key of somebody else under the id of the published one. Default: the published key. */
  readonly key?: SigningKey | 'foreign';
}

/** The claims of a token that a front-end got for the service. */
export function userClaims(
  caller: Caller,
  { authority, clientId, now }: { authority: string; clientId: string; now: number },
  options: UserTokenOptions,
): JWTPayload {
  const { version = 2, scopes = ['access_as_user'], claims = {} } = options;
  const { expiresInSeconds = 3_600, notBeforeInSeconds = Math.min(0, expiresInSeconds) } = options;
  const tenant = options.tenant ?? caller.tenantId ?? contosoTenantId;
  const seconds = Math.floor(now / 1000);
  const application = caller.kind === 'application';
  return {
    aud: options.audience ?? (version === 2 ? clientId : `api://${clientId}`),
    iss: version === 2 ? `${authority}/${tenant}/v2.0` : `https://sts.windows.net/${tenant}/`,
    iat: seconds,
    nbf: seconds + notBeforeInSeconds,
    exp: seconds + expiresInSeconds,
    oid: objectIdOf(caller.name),
    sub: guidOf(`${caller.name} at ${clientId}`),
    tid: tenant,
    ver: `${version}.0`,
    ...(version === 2
      ? { azp: frontEndAppId, azpacr: '0', preferred_username: `${caller.name}@contoso.com` }
      : { appid: frontEndAppId, appidacr: '0', upn: `${caller.name}@contoso.com` }),
    ...(application ? { idtyp: 'app', roles: ['Access.All'] } : { scp: scopes.join(' ') }),
    ...claims,
  };
}

/** Signs as asked for, good or forged. */
export async function signAsAsked(
  claims: JWTPayload,
  published: SigningKey,
  { alg = 'RS256', key = published }: UserTokenOptions,
): Promise<string> {
  if (alg === 'none') return new UnsecuredJWT(claims).encode();
  const chosen = key === 'foreign' ? await makeSigningKey(published.kid) : key;
  const publicText = chosen.publicKey.export({ type: 'spki', format: 'pem' });
  return new SignJWT(claims)
    .setProtectedHeader({ alg, typ: 'JWT', kid: chosen.kid })
    .sign(alg === 'HS256' ? Buffer.from(publicText) : chosen.privateKey);
}
