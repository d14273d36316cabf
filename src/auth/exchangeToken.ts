import { ConfidentialClientApplication, type INetworkModule } from '@azure/msal-node';
import { Failure } from '../errors.ts';
import { createCredentialOptions, type ClientCredential } from './exchangeCredential.ts';
import { readRefusal, type Refusal } from './exchangeRefusal.ts';
import { unavailable, type LoginHost, type LoginResponse } from './loginHost.ts';

export interface TokenExchangeOptions {
  readonly clientId: string;
  /** Origin of the login authority, without a slash at its end. */
  readonly authority: string;
  /** The permission on Defender, in full: `https://api.securitycenter.microsoft.com/Machine.Read`. */
  readonly scope: string;
  readonly credential: ClientCredential;
  /** `CP1` tells Defender that whoever uses this service answers claims challenges. */
  readonly clientCapabilities?: readonly string[] | undefined;
  readonly loginHost: LoginHost;
}

interface ExchangeRequest {
  readonly tenantId: string;
  readonly assertion: string;
  /** JSON of a claims challenge. */
  readonly claims?: string | undefined;
  readonly signal: AbortSignal;
}

type Exchanged =
  | { readonly accessToken: string; readonly lifeMilliseconds: number }
  | { readonly refusal: Refusal };

/** One request to the token endpoint. Rejects with a Failure (UPSTREAM_UNAVAILABLE), or with the reason of the signal. */
export type ExchangeToken = (request: ExchangeRequest) => Promise<Exchanged>;

/**
 * Each exchange has a client of msal of its own. A shared one searches its cache in a line and never empties it, and
 * refuses every person for a minute after one 429 or 5xx. Building one costs 0.02 ms, because the metadata that it
 * would ask for is supplied.
 */
export function createTokenExchange(options: TokenExchangeOptions): ExchangeToken {
  const credential = createCredentialOptions(options.credential);

  return async ({ tenantId, assertion, claims, signal }) => {
    const endpoint = createTokenEndpoint(options.loginHost, signal);
    const client = new ConfidentialClientApplication({
      auth: {
        clientId: options.clientId,
        ...authorityOptions(options.authority, tenantId),
        ...credential,
        ...(options.clientCapabilities && { clientCapabilities: [...options.clientCapabilities] }),
      },
      system: { networkClient: endpoint.networkClient },
    });
    const request = { oboAssertion: assertion, scopes: [options.scope], ...(claims && { claims }) };
    try {
      const result = await client.acquireTokenOnBehalfOf(request);
      // msal resolves with an empty token for an answer that has neither a token nor an error.
      if (!result?.accessToken) throw unavailable(new Error('answer without a token'));
      return {
        accessToken: result.accessToken,
        lifeMilliseconds: (Number(endpoint.answer['expires_in']) || 0) * 1000,
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      // msal replaces what its network client throws by an error of its own.
      const failure = endpoint.failure ?? error;
      if (failure instanceof Failure) throw failure;
      const refusal = readRefusal(error, endpoint.answer);
      if (refusal === undefined) throw unavailable(new Error(nameOf(error)));
      return { refusal };
    }
  };
}

/** Supplied, so that msal asks nobody for it. msal insists on https here; the token endpoint is taken as it is named. */
function authorityOptions(authority: string, tenantId: string) {
  const { host } = new URL(authority);
  const named = `https://${host}/${tenantId}`;
  const aliases = { preferred_network: host, preferred_cache: host, aliases: [host] };
  return {
    authority: named,
    cloudDiscoveryMetadata: JSON.stringify({ metadata: [aliases] }),
    authorityMetadata: JSON.stringify({
      issuer: `${named}/v2.0`,
      authorization_endpoint: `${named}/oauth2/v2.0/authorize`,
      token_endpoint: `${authority}/${tenantId}/oauth2/v2.0/token`,
    }),
  };
}

/** The network client of one exchange, which keeps what msal would not tell: the answer, and why there is none. */
function createTokenEndpoint(loginHost: LoginHost, signal: AbortSignal) {
  let answer: Record<string, unknown> = {};
  let failure: unknown;
  const networkClient: INetworkModule = {
    sendGetRequestAsync: () => Promise.reject(new Error('msal has all metadata')),
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the interface is msal's
    async sendPostRequestAsync<Body>(
      url: string,
      request: { headers?: object; body?: string } = {},
    ) {
      const headers: Record<string, string> = { ...request.headers };
      try {
        const fields = { headers, body: request.body ?? '', signal };
        const response = await loginHost(url, { method: 'POST', ...fields });
        answer = readAnswer(response);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- msal reads it field by field
        const body = answer as Body;
        return { status: response.status, headers: response.headers, body };
      } catch (error) {
        failure = error;
        throw error;
      }
    },
  };
  return {
    networkClient,
    get answer() {
      return answer;
    },
    get failure() {
      return failure;
    },
  };
}

/** A 429 or 5xx says nothing about the token, with or without an `error` in it. */
function readAnswer({ status, headers, text }: LoginResponse): Record<string, unknown> {
  if (status === 429 || status >= 500) {
    throw unavailable(new Error(`status ${status}`), retryAfterSeconds(headers['retry-after']));
  }
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null) {
    throw unavailable(new Error(`status ${status} without a JSON object`));
  }
  return { ...body };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retryAfterSeconds(header: string | undefined): number | undefined {
  const seconds = Math.ceil(Number(header));
  return seconds > 0 ? seconds : undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
