import type { JSONWebKeySet, JWTPayload } from 'jose';
import { contosoTenantId, defaultAppId, objectIdOf } from './callers.ts';
import type { Caller, Callers } from './callers.ts';
import type { Application } from './application.ts';
import { signAsAsked, userClaims } from './userToken.ts';
import type { UserTokenOptions } from './userToken.ts';
import type { SigningKeys } from './signingKeys.ts';

export const defenderAudience = 'https://api.securitycenter.microsoft.com';

export interface DefenderTokenOptions {
  /** Default 3,600. A negative number makes an expired token. */
  readonly expiresInSeconds?: number;
  /** Default: the Defender API. */
  readonly audience?: string;
  /** Laid over the claims of the token; undefined takes one out. */
  readonly claims?: JWTPayload;
}

export interface IssuerParts {
  readonly application: Application;
  readonly authority: string;
  readonly callers: Callers;
  readonly keys: SigningKeys;
  readonly now: () => number;
}

/** Issues tokens for the callers, with keys that it publishes. */
export class TokenIssuer {
  /** The emulator's address: `{authority}/{tenant}/v2.0` is the issuer of v2 tokens. */
  readonly authority: string;
  readonly tenantId = contosoTenantId;
  readonly #application: Application;
  readonly #keys: SigningKeys;
  readonly #callers: Callers;
  readonly #now: () => number;

  constructor({ application, authority, callers, keys, now }: IssuerParts) {
    this.authority = authority;
    this.#application = application;
    this.#keys = keys;
    this.#callers = callers;
    this.#now = now;
  }

  get jwks(): JSONWebKeySet {
    return this.#keys.jwks;
  }

  /** From now on a new key signs. With `retireOld`, what older keys have signed is refused. */
  rotate(options?: { retireOld?: boolean }): Promise<void> {
    return this.#keys.rotate(options);
  }

  /** A token for the Defender API, in v1 form. @throws Error for a name that nobody has. */
  async defenderToken(callerName: string, options: DefenderTokenOptions = {}): Promise<string> {
    const caller = this.#callers.named(callerName);
    const { expiresInSeconds = 3_600, audience = defenderAudience, claims = {} } = options;
    const now = Math.floor(this.#now() / 1000);
    return this.#keys.sign({
      aud: audience,
      ...defenderClaims(caller),
      iat: now,
      nbf: Math.min(now, now + expiresInSeconds),
      exp: now + expiresInSeconds,
      ...claims,
    });
  }

  /** A token that a front-end got for the service. @throws Error for a name that nobody has. */
  async userToken(callerName: string, options: UserTokenOptions = {}): Promise<string> {
    const { clientId } = this.#application;
    const service = { authority: this.authority, clientId, now: this.#now() };
    const claims = userClaims(this.#callers.named(callerName), service, options);
    return signAsAsked(claims, this.#keys.current, options);
  }
}

function defenderClaims(caller: Caller): JWTPayload {
  const { name, tenantId = contosoTenantId } = caller;
  const objectId = objectIdOf(name);
  return {
    iss: `https://sts.windows.net/${tenantId}/`,
    appid: defaultAppId,
    appidacr: '1',
    oid: objectId,
    sub: objectId,
    tid: tenantId,
    ver: '1.0',
    ...(caller.kind === 'application'
      ? { idtyp: 'app', roles: ['Machine.Read.All'] }
      : { idtyp: 'user', scp: 'Machine.Read', upn: `${name}@contoso.com`, unique_name: name }),
  };
}
