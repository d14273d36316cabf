import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodeJwt } from 'jose';
import { cutByUs, jsonAnswer, send, sendFault } from './answer.ts';
import type { Answer } from './answer.ts';
import { readBody } from './body.ts';
import { entraError, entraOutage } from './entraErrors.ts';
import type { Faults, Replacement } from './faults.ts';
import type { Ledger } from './ledger.ts';
import { wrongShapes } from './machineList.ts';
import { decideOnBehalfOf } from './onBehalfOf.ts';
import { objectIdOf } from './callers.ts';
import { defenderAudience } from './tokenIssuer.ts';
import type { IssuerParts, TokenIssuer } from './tokenIssuer.ts';

export interface TokenParts extends IssuerParts {
  readonly faults: Faults;
  readonly issuer: TokenIssuer;
  readonly ledger: Ledger;
}

const route = /^\/([^/?]+)\/oauth2\/v2\.0\/token(?:\?|$)/;

/** Whether this is a request for a token; if so, it is answered. */
export function tokenRoute(parts: TokenParts) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const [, tenant] = route.exec(request.url ?? '') ?? [];
    if (request.method !== 'POST' || tenant === undefined) return false;
    void answer(parts, request, response, tenant);
    return true;
  };
}

async function answer(
  parts: TokenParts,
  request: IncomingMessage,
  response: ServerResponse,
  tenant: string,
): Promise<void> {
  const { faults, ledger, now } = parts;
  const body = await readBody(request).catch(() => '');
  const form = new URLSearchParams(body);
  const caller = namedIn(parts, form.get('assertion') ?? '');
  const call = { at: now(), path: request.url ?? '', user: '', caller };
  ledger.exchanges.open(call, response, () => cutByUs.has(response));
  const { delays, replacement } = faults.take({ caller });
  for (const delay of delays) await delay();
  if (response.destroyed) return;
  const decided = await exchange(parts, tenant, form);
  if (!replacement) return send(response, decided);
  return replace(response, replacement, decided, now());
}

async function exchange(parts: TokenParts, tenant: string, form: URLSearchParams): Promise<Answer> {
  const { application, issuer, now } = parts;
  const decided = await decideOnBehalfOf(parts, tenant, form);
  const correlationId = form.get('client-request-id') ?? undefined;
  if ('error' in decided) return entraError({ ...decided, correlationId }, now());
  const { caller, scope } = decided;
  const { tokenSeconds } = application;
  const clientInfo = JSON.stringify({ uid: objectIdOf(caller.name), utid: tenant });
  return jsonAnswer(200, {
    token_type: 'Bearer',
    scope: scope
      .split(' ')
      .map((name) => `${defenderAudience}/${name}`)
      .join(' '),
    expires_in: tokenSeconds,
    ext_expires_in: tokenSeconds,
    access_token: await issuer.defenderToken(caller.name, {
      expiresInSeconds: tokenSeconds,
      claims: { appid: application.clientId, scp: scope },
    }),
    ...(form.get('client_info')
      ? { client_info: Buffer.from(clientInfo).toString('base64url') }
      : {}),
  });
}

async function replace(
  response: ServerResponse,
  fault: Replacement,
  truth: Answer,
  now: number,
): Promise<void> {
  switch (fault.kind) {
    case 'status':
      return fault.body === undefined
        ? send(response, { ...entraOutage(fault.status, now), headers: fault.headers ?? {} })
        : sendFault(response, fault, truth);
    case 'tooManyRequests': {
      const headers = fault.retryAfter === null ? {} : { 'retry-after': String(fault.retryAfter) };
      return send(response, { ...entraOutage(429, now), headers });
    }
    case 'claimsChallenge': {
      const message = 'You must use multi-factor authentication to access the resource.';
      const error = { error: 'interaction_required', code: 50076, message, claims: fault.claims };
      return send(response, entraError({ ...error, suberror: 'basic_action' }, now));
    }
    case 'wrongShape':
      return send(response, { status: 200, body: wrongShapes[fault.shape] });
    case 'paged':
    case 'repeatingPages':
    case 'endlessPages':
      return send(response, truth);
    default:
      return sendFault(response, fault, truth);
  }
}

/** Whom the assertion names, verified or not: so that faults can be scripted for one person. */
function namedIn({ callers }: TokenParts, assertion: string): string | undefined {
  try {
    return callers.withObjectId(String(decodeJwt(assertion)['oid']))?.name;
  } catch {
    return undefined;
  }
}
