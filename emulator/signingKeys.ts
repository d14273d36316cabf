import { generateKeyPair, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { createLocalJWKSet, exportJWK, jwtVerify, SignJWT } from 'jose';
import type { JSONWebKeySet, JWTPayload, JWK } from 'jose';

const makePair = promisify(generateKeyPair);

export interface SigningKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** The RSA keys that the issuer signs with. The newest signs; those that are not retired still verify. */
export class SigningKeys {
  #keys: readonly [SigningKey, ...SigningKey[]];
  #set: JSONWebKeySet;
  #find: ReturnType<typeof createLocalJWKSet>;

  private constructor(keys: readonly [SigningKey, ...SigningKey[]], set: JSONWebKeySet) {
    this.#keys = keys;
    this.#set = set;
    this.#find = createLocalJWKSet(set);
  }

  static async make(): Promise<SigningKeys> {
    const key = await makeSigningKey();
    return new SigningKeys([key], { keys: [await published(key)] });
  }

  get current(): SigningKey {
    return this.#keys[0];
  }

  /** As published at `…/discovery/v2.0/keys`. */
  get jwks(): JSONWebKeySet {
    return this.#set;
  }

  /** Signs with a new key from now on. With `retireOld`, what the old keys have signed is refused from now on. */
  async rotate({ retireOld = false } = {}): Promise<void> {
    const key = await makeSigningKey();
    this.#keys = retireOld ? [key] : [key, ...this.#keys];
    this.#set = { keys: [await published(key), ...(retireOld ? [] : this.#set.keys)] };
    this.#find = createLocalJWKSet(this.#set);
  }

  sign(claims: JWTPayload): Promise<string> {
    const { kid, privateKey } = this.current;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid, x5t: kid })
      .sign(privateKey);
  }

  /** The claims of a token that one of these keys has signed. @throws a JOSEError for any other, also when it has expired. */
  async verify(token: string, now: number): Promise<JWTPayload> {
    const options = { algorithms: ['RS256'], currentDate: new Date(now), requiredClaims: ['exp'] };
    return (await jwtVerify(token, this.#find, options)).payload;
  }
}

export async function makeSigningKey(kid: string = randomUUID()): Promise<SigningKey> {
  return { kid, ...(await makePair('rsa', { modulusLength: 2048 })) };
}

async function published({ kid, publicKey }: SigningKey): Promise<JWK> {
  return { ...(await exportJWK(publicKey)), use: 'sig', kid, x5t: kid };
}
