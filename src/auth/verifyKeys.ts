import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { Failure } from '../errors.ts';
import { unavailable, type LoginHost } from './loginHost.ts';

/** An outage of the key endpoint that is shorter stops nobody, and a key that is withdrawn goes within that time. */
const CACHE_MILLISECONDS = 3_600_000;
/** How soon after a successful fetch an unknown `kid` may cause the next one. */
const COOL_DOWN_MILLISECONDS = 30_000;

/** The signing keys of the allowed tenants. */
export interface KeySets {
  /** Of an allowed tenant, by its id in lower case. */
  of(tenantId: string): JWTVerifyGetKey | undefined;
  /** How many tenants there are. */
  readonly size: number;
  /** Of how many the keys were never fetched. */
  missing(): number;
  /** Fetches what was never fetched, each in one flight. Never rejects: who asks again hears how it went. */
  fetchMissing(): Promise<void>;
}

export function createKeySets(
  authority: string,
  tenantIds: readonly string[],
  loginHost: LoginHost,
  timeoutMilliseconds: number,
): KeySets {
  const sets = new Map(
    tenantIds.map((id) => [id, createTenantKeys(authority, id, loginHost, timeoutMilliseconds)]),
  );
  const missing = () => [...sets.values()].filter((keys) => !keys.isFetched());
  return {
    of: (tenantId) => sets.get(tenantId)?.find,
    size: sets.size,
    missing: () => missing().length,
    async fetchMissing() {
      await Promise.allSettled(missing().map((keys) => keys.fetch()));
    },
  };
}

interface TenantKeys {
  /**
   * Rejects with a JWKSNoMatchingKey of jose where the keys are known and none fits, or with a Failure
   * (UPSTREAM_UNAVAILABLE, UPSTREAM_TIMEOUT) where they can't be had.
   */
  readonly find: JWTVerifyGetKey;
  readonly isFetched: () => boolean;
  readonly fetch: () => Promise<void>;
}

/**
 * The signing keys of one tenant, cached, fetched again for an unknown `kid`, in one flight. The tenant's own
 * document and not the common one, which also holds keys that sign for other issuers alone. One document serves both
 * token versions.
 */
function createTenantKeys(
  authority: string,
  tenantId: string,
  loginHost: LoginHost,
  timeoutMilliseconds: number,
): TenantKeys {
  const url = new URL(`${authority}/${tenantId}/discovery/v2.0/keys`);
  const keys = createRemoteJWKSet(url, {
    cacheMaxAge: CACHE_MILLISECONDS,
    cooldownDuration: COOL_DOWN_MILLISECONDS,
    timeoutDuration: timeoutMilliseconds,
    async [customFetch](href, { headers, signal }) {
      const fields = Object.fromEntries(headers);
      const { status, text } = await loginHost(href, { method: 'GET', headers: fields, signal });
      return new Response(text, { status });
    },
  });
  return {
    async find(header, token) {
      try {
        return await keys(header, token);
      } catch (error) {
        if (error instanceof errors.JWKSTimeout) throw timedOut(error);
        if (error instanceof Failure || isAboutTheToken(error)) throw error;
        throw unavailable(error);
      }
    },
    isFetched: () => keys.jwks() !== undefined,
    fetch: () => keys.reload(),
  };
}

function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

function timedOut(cause: unknown): Failure {
  const message = 'The signing keys of the login authority did not arrive in time. Ask again.';
  return new Failure('UPSTREAM_TIMEOUT', message, {}, { cause });
}
