import type { IncomingMessage, ServerResponse } from 'node:http';
import { jsonAnswer, send, sendFault } from './answer.ts';
import type { Faults } from './faults.ts';
import { defenderErrorBody } from './defenderErrors.ts';
import type { Ledger } from './ledger.ts';
import type { TokenIssuer } from './tokenIssuer.ts';

export interface KeysParts {
  readonly faults: Faults;
  readonly issuer: TokenIssuer;
  readonly ledger: Ledger;
}

const keysPath = /^\/([^/?]+)\/discovery\/v2\.0\/keys(?:\?|$)/;
const metadataPath = /^\/([^/?]+)\/v2\.0\/\.well-known\/openid-configuration(?:\?|$)/;

/** The published keys, and the metadata that leads to them. */
export function keysRoute({ faults, issuer, ledger }: KeysParts) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = request.url ?? '';
    const [, tenant] = metadataPath.exec(url) ?? [];
    if (request.method !== 'GET') return false;
    if (tenant !== undefined) {
      send(response, jsonAnswer(200, metadata(issuer.authority, tenant)));
      return true;
    }
    if (!keysPath.test(url)) return false;
    ledger.keyFetches += 1;
    void answerKeys(faults, issuer, response);
    return true;
  };
}

async function answerKeys(
  faults: Faults,
  issuer: TokenIssuer,
  response: ServerResponse,
): Promise<void> {
  const { delays, replacement } = faults.take({});
  for (const delay of delays) await delay();
  if (response.destroyed) return;
  const truth = jsonAnswer(200, issuer.jwks);
  switch (replacement?.kind) {
    case 'reset':
    case 'hang':
    case 'truncated':
    case 'notJson':
    case 'huge':
    case 'packed':
      return sendFault(response, replacement, truth);
    case 'status': {
      const body = replacement.body ?? defenderErrorBody(replacement.status);
      return sendFault(response, { ...replacement, body }, truth);
    }
    default:
      return send(response, truth);
  }
}

function metadata(authority: string, tenant: string): object {
  const base = `${authority}/${tenant}`;
  return {
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_types_supported: ['code', 'id_token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}
