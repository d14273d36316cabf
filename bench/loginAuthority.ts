import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK } from 'jose';
import { contosoTenantId } from '../emulator/callers.ts';
import { guidOf } from '../emulator/random.ts';
import { makeSigningKey } from '../emulator/signingKeys.ts';
import { signAsAsked, userClaims } from '../emulator/userToken.ts';

export const CLIENT_ID = 'b4a7d5c1-2e6f-4f0a-8d93-1c5e7a9b0f62';
export const TENANT_ID = contosoTenantId;

/** How the token endpoint refuses the one caller that it refuses. */
export type Outage = 429 | 503;

export interface LoginAuthority {
  /** Origin, on 127.0.0.1. */
  readonly url: string;
  /** Requests to the token endpoint so far. */
  readonly exchanges: number;
  /** From now on refuses this token alone; undefined refuses none. */
  refuse(token: string | undefined, status?: Outage): void;
  /** Signs the tokens of so many distinct callers, each meant for the service, good for eight hours. */
  tokens(count: number): Promise<string[]>;
  close(): Promise<void>;
}

const EIGHT_HOURS = 28_800;
/** About as long as a Defender token. */
const TOKEN_BYTES = 1_000;
const AT_ONCE = 500;

/**
 * Keys and a token endpoint on the loopback interface that check and remember nothing, so that what is measured in this
 * process is the service's own.
 */
export async function startLoginAuthority(): Promise<LoginAuthority> {
  const key = await makeSigningKey();
  const keys = JSON.stringify({
    keys: [{ ...(await exportJWK(key.publicKey)), use: 'sig', kid: key.kid }],
  });
  let exchanges = 0;
  let refused: { readonly token: string; readonly status: Outage } | undefined;

  // No timeout: it would race with whoever uses a connection that has been idle.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    if (request.method === 'GET') {
      response.end(keys);
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      exchanges += 1;
      const assertion = new URLSearchParams(body).get('assertion') ?? '';
      const status = refused?.token === assertion ? refused.status : 200;
      const isRefused = status !== 200;
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(isRefused && { 'retry-after': '60' }),
      });
      response.end(isRefused ? '{"error":"temporarily_unavailable"}' : grant(assertion));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const sign = (index: number) => {
    const caller = { name: `caller ${index}`, groups: 'all', viewData: true } as const;
    const service = { authority: url, clientId: CLIENT_ID, now: Date.now() };
    const claims = userClaims(caller, service, { expiresInSeconds: EIGHT_HOURS });
    return signAsAsked(claims, key, {});
  };

  return {
    url,
    get exchanges() {
      return exchanges;
    },
    refuse(token, status = 503) {
      refused = token === undefined ? undefined : { token, status };
    },
    async tokens(count) {
      const tokens: string[] = [];
      while (tokens.length < count) {
        const next = Math.min(AT_ONCE, count - tokens.length);
        const batch = Array.from({ length: next }, (_, index) => sign(tokens.length + index));
        tokens.push(...(await Promise.all(batch)));
      }
      return tokens;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A token of its own for each assertion, as Entra grants it. */
function grant(assertion: string): string {
  const digest = createHash('sha256').update(assertion).digest('base64url');
  const uid = guidOf(digest);
  return JSON.stringify({
    token_type: 'Bearer',
    scope: 'https://api.securitycenter.microsoft.com/Machine.Read',
    expires_in: 3_600,
    access_token: digest.repeat(Math.ceil(TOKEN_BYTES / digest.length)),
    client_info: Buffer.from(JSON.stringify({ uid, utid: TENANT_ID })).toString('base64url'),
  });
}
