import { ConfidentialClientApplication } from '@azure/msal-node';
import { hashOf } from '../src/auth/tokenHash.ts';
import { createOnBehalfOf } from '../src/auth/onBehalfOf.ts';
import { systemClock } from '../src/clock.ts';
import { createLog } from '../src/telemetry/log.ts';
import { CLIENT_ID, TENANT_ID } from './loginAuthority.ts';

/** Someone who turns a caller's token into one for Defender, and remembers it. */
export interface Contestant {
  /** Verifies, where it does, without asking for a token. */
  verify(token: string): Promise<unknown>;
  /** Rejects where no token can be had. */
  defenderToken(token: string): Promise<string>;
}

const SECRET = 'bench-client-secret';
const SCOPE = 'https://api.securitycenter.microsoft.com/Machine.Read';
const NEVER = new AbortController().signal;

/** What this service does: verification and exchange, with its usual bounds. */
export function ours(authority: string): Contestant {
  const { authenticate } = createOnBehalfOf({
    clientId: CLIENT_ID,
    allowedTenants: [TENANT_ID],
    audiences: [CLIENT_ID],
    authority,
    scope: SCOPE,
    credential: { kind: 'secret', secret: SECRET },
    partitionKey: Buffer.alloc(32, 7),
    timeoutMilliseconds: 10_000,
    clock: systemClock,
    log: createLog('error'),
  });
  return {
    verify: (token) => authenticate(`Bearer ${token}`),
    async defenderToken(token) {
      const caller = await authenticate(`Bearer ${token}`);
      return caller.defenderToken(NEVER);
    },
  };
}

/** One client of msal for all callers, with msal's own cache. It verifies nothing. */
export function sharedClient(authority: string): Contestant {
  const named = `https://${new URL(authority).host}/${TENANT_ID}`;
  const { host } = new URL(authority);
  const client = new ConfidentialClientApplication({
    auth: {
      clientId: CLIENT_ID,
      clientSecret: SECRET,
      authority: named,
      cloudDiscoveryMetadata: JSON.stringify({
        metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
      }),
      authorityMetadata: JSON.stringify({
        issuer: `${named}/v2.0`,
        authorization_endpoint: `${named}/oauth2/v2.0/authorize`,
        token_endpoint: `${authority}/${TENANT_ID}/oauth2/v2.0/token`,
      }),
    },
  });
  return {
    verify: async () => undefined,
    async defenderToken(token) {
      const result = await client.acquireTokenOnBehalfOf({ oboAssertion: token, scopes: [SCOPE] });
      if (!result?.accessToken) throw new Error('an empty token');
      return result.accessToken;
    },
  };
}

/** The least that any lookup by a token's hash costs: how much of the cost is memory that is read for the first time. */
export function twoHashes(): Contestant {
  return {
    verify: async () => undefined,
    defenderToken: async (token) => hashOf(token) && hashOf(token),
  };
}
