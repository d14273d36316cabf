import { createHmac } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import type { Log } from '../telemetry/log.ts';
import { noInstruments, type Instruments } from '../telemetry/instruments.ts';
import { bearerToken, offeredToken } from './bearer.ts';
import type { Authenticated, Identity } from './caller.ts';
import { createExchange, isOutage } from './exchange.ts';
import type { ClientCredential } from './exchangeCredential.ts';
import { createLoginHost } from './loginHost.ts';
import { observedLogin } from './observedLogin.ts';
import { hashOf } from './tokenHash.ts';
import { createVerify } from './verify.ts';
import { createKeySets, type KeySets } from './verifyKeys.ts';
import type { VerifiedToken } from './verifyClaims.ts';

export interface OnBehalfOfOptions {
  /** This service's application (client) id. */
  readonly clientId: string;
  /** Tenant ids (GUIDs). */
  readonly allowedTenants: readonly string[];
  /** What `aud` may be: the client id, `api://…`. */
  readonly audiences: readonly string[];
  /** A delegated scope that a token must have, in its short form: `Machines.Read`. */
  readonly requiredScope?: string | undefined;
  /** Origin of the login authority: `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** The permission on Defender, in full: `https://api.securitycenter.microsoft.com/Machine.Read`. */
  readonly scope: string;
  readonly credential: ClientCredential;
  /** `['CP1']` where everyone who uses this service answers claims challenges: Defender sends them to nobody else. */
  readonly clientCapabilities?: readonly string[] | undefined;
  /** At least 32 random bytes: who knows them can compute a partition, and no one else. */
  readonly partitionKey: Uint8Array;
  /** For one fetch of keys, and for one exchange. */
  readonly timeoutMilliseconds: number;
  /** How many callers are remembered. One costs about 10 kilobytes. */
  readonly rememberedCallers?: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** The connections to the login authority; undici's global ones unless given. */
  readonly dispatcher?: Dispatcher | undefined;
  readonly instruments?: Instruments | undefined;
}

/** Who asks, and whether that can be told. */
export interface OnBehalfOf extends Identity {
  readonly keySets: KeySets;
}

/** Several access tokens of the same person count as several callers. */
const REMEMBERED_CALLERS = 10_000;

/**
 * The incoming token is for this service: it is verified, and exchanged for a Defender token of the same person.
 * Throws for a credential that can't be read.
 */
export function createOnBehalfOf(options: OnBehalfOfOptions): OnBehalfOf {
  const authority = new URL(options.authority).origin;
  // As `tid` has them.
  const tenantIds = options.allowedTenants.map((id) => id.toLowerCase());
  const loginHost = observedLogin(
    createLoginHost(authority, options.dispatcher),
    options.instruments ?? noInstruments,
  );
  const keySets = createKeySets(authority, tenantIds, loginHost, options.timeoutMilliseconds);
  const shared = {
    ...options,
    authority,
    loginHost,
    keySets,
    rememberedTokens: options.rememberedCallers ?? REMEMBERED_CALLERS,
  };
  const verify = createVerify(shared);
  const exchange = createExchange(shared);
  /** What is computed from a token once, as long as `verify` remembers it. The token itself is not kept. */
  const digests = new WeakMap<VerifiedToken, { partition: string; hash: string }>();

  const digestsOf = (person: VerifiedToken, token: string) => {
    const known = digests.get(person);
    if (known) return known;
    const made = { partition: partitionOf(person, options.partitionKey), hash: hashOf(token) };
    digests.set(person, made);
    return made;
  };

  const made = (person: VerifiedToken, token: string) => {
    const { tenantId, objectId, expiresAt } = person;
    const { partition, hash } = digestsOf(person, token);
    const assertion = { token, hash, tenantId, expiresAt };
    const caller: Authenticated = {
      partition,
      budget: `${tenantId}/${options.clientId}`,
      // Each request brings a token that is valid then, so an entry may outlive the token that it was read with.
      expiresAt: Infinity,
      isVerified: true,
      subject: `${tenantId}/${objectId}`,
      admit: async (signal) => {
        try {
          await exchange(assertion, signal);
          return undefined;
        } catch (error) {
          if (isOutage(error)) return error;
          throw error;
        }
      },
      defenderToken: (signal) => exchange(assertion, signal),
      answerChallenge: (signal, claims) => exchange(assertion, signal, claims),
    };
    return { caller, assertion };
  };

  return {
    keySets,
    async authenticate(authorization) {
      const token = bearerToken(authorization);
      return made(await verify(token), token).caller;
    },
    recognize(authorization) {
      const token = offeredToken(authorization);
      const person = verify.recall(hashOf(token));
      if (!person) return undefined;
      const { caller, assertion } = made(person, token);
      return exchange.isKnown(assertion) ? caller : undefined;
    },
  };
}

/** One value for a person's rights through one application: the same with a renewed token, another when rights change. */
function partitionOf(person: VerifiedToken, key: Uint8Array): string {
  const { tenantId, objectId, clientId, scopes, roles } = person;
  // JSON keeps the parts apart, whatever characters they hold.
  const rights = JSON.stringify([tenantId, objectId, clientId, scopes, roles]);
  return createHmac('sha256', key).update(rights).digest('base64url');
}
