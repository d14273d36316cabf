import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { cutByUs, send, sendFault } from './answer.ts';
import type { Answer } from './answer.ts';
import { visibleAmong } from './callers.ts';
import type { Callers } from './callers.ts';
import { defenderError, defenderErrorBody } from './defenderErrors.ts';
import { identify } from './defenderIdentity.ts';
import type { Identity } from './defenderIdentity.ts';
import type { Estate } from './estate.ts';
import type { Faults, Replacement } from './faults.ts';
import type { RecordedCall } from './callBook.ts';
import type { Ledger } from './ledger.ts';
import { endlessPage, listAnswer, repeatingPage, wrongShapes } from './machineList.ts';
import type { SigningKeys } from './signingKeys.ts';
import type { RateWindows } from './windows.ts';

export interface DefenderParts {
  readonly callers: Callers;
  readonly estate: Estate;
  readonly faults: Faults;
  readonly keys: SigningKeys;
  readonly latencyMilliseconds: number;
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly windows: RateWindows;
}

const route = /^\/api\/users\/([^/?]+)\/machines(?:\?(.*))?$/;

/** Whether this is a call of the API; if so, it is answered. */
export function defenderRoute(parts: DefenderParts) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const [, segment, query] = route.exec(request.url ?? '') ?? [];
    if (request.method !== 'GET' || segment === undefined) return false;
    void new DefenderCall(parts, request, response, segment, query ?? '').answer();
    return true;
  };
}

class DefenderCall {
  readonly #parts: DefenderParts;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #segment: string;
  readonly #user: string;
  readonly #query: URLSearchParams;

  constructor(
    parts: DefenderParts,
    request: IncomingMessage,
    response: ServerResponse,
    segment: string,
    query: string,
  ) {
    this.#parts = parts;
    this.#request = request;
    this.#response = response;
    this.#segment = segment;
    this.#user = decoded(segment);
    this.#query = new URLSearchParams(query);
  }

  async answer(): Promise<void> {
    const { faults, latencyMilliseconds, windows } = this.#parts;
    const response = this.#response;
    const { callers, keys, now } = this.#parts;
    const identity = await identify(this.#request, keys, callers, now());
    const call = this.#book('caller' in identity ? identity.caller.name : undefined);
    if ('status' in identity) return send(response, identity);
    const refused = windows.admit(identity.budget);
    if (refused) {
      call.tooEarly = refused.tooEarly;
      const retry = { 'retry-after': String(refused.retryAfterSeconds) };
      return send(response, defenderError(429, refused.message, retry));
    }
    const caller = identity.caller.name;
    const following = this.#query.size > 0;
    const { delays, replacement } = faults.take({ user: this.#user, caller, following });
    if (latencyMilliseconds > 0) await sleep(latencyMilliseconds, undefined, { ref: false });
    for (const delay of delays) await delay();
    if (response.destroyed) return;
    if (!replacement) return send(response, this.#truth(identity));
    return this.#replace(replacement, identity);
  }

  #book(caller: string | undefined): RecordedCall {
    const response = this.#response;
    const { ledger, now } = this.#parts;
    const path = this.#request.url ?? '';
    const call = { at: now(), path, user: this.#user.toLowerCase(), caller };
    return ledger.open(call, response, () => cutByUs.has(response));
  }

  /** What this caller may see at this moment. */
  #truth(identity: Identity, page = this.#query): Answer {
    const caller = this.#parts.callers.named(identity.caller.name);
    if (!caller.viewData) return defenderError(403, 'The user lacks the permission "View Data".');
    const all = this.#parts.estate.machinesOf(this.#user);
    if (!all && this.#parts.faults.unknownUser === 'notFound') {
      return defenderError(404, `User ${this.#user} was not found.`);
    }
    return listAnswer(visibleAmong(caller, all ?? []), this.#segment, page);
  }

  async #replace(fault: Replacement, identity: Identity): Promise<void> {
    const { now, windows } = this.#parts;
    const response = this.#response;
    switch (fault.kind) {
      case 'status': {
        if (fault.status === 401) windows.giveBack(identity.budget);
        const body = fault.body ?? defenderErrorBody(fault.status);
        return sendFault(response, { ...fault, body }, this.#truth(identity));
      }
      case 'tooManyRequests': {
        const until = retryAfterMoment(fault.retryAfter, now());
        if (until !== undefined) windows.block(identity.budget, until);
        const headers =
          fault.retryAfter === null ? {} : { 'retry-after': String(fault.retryAfter) };
        return send(response, defenderError(429, 'API calls quota exceeded!', headers));
      }
      case 'claimsChallenge': {
        windows.giveBack(identity.budget);
        const claims = Buffer.from(fault.claims).toString('base64');
        return send(
          response,
          defenderError(401, 'Continuous access evaluation asks for claims.', {
            'www-authenticate': `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${claims}"`,
          }),
        );
      }
      case 'wrongShape':
        return send(response, { status: 200, body: wrongShapes[fault.shape] });
      case 'paged':
        return send(response, this.#truth(identity, new URLSearchParams(`$top=${fault.pageSize}`)));
      case 'repeatingPages':
        return send(response, this.#truth(identity, new URLSearchParams(repeatingPage)));
      case 'endlessPages':
        return send(response, this.#truth(identity, new URLSearchParams(endlessPage(0))));
      default:
        return sendFault(response, fault, this.#truth(identity));
    }
  }
}

/** When a Retry-After has passed, in milliseconds since the epoch. */
function retryAfterMoment(retryAfter: number | string | null, now: number): number | undefined {
  if (retryAfter === null) return undefined;
  const seconds = Number(retryAfter);
  if (!Number.isNaN(seconds)) return now + seconds * 1000;
  const date = Date.parse(String(retryAfter));
  return Number.isNaN(date) ? undefined : date;
}

/** The name in the path; a segment that is not well encoded names nobody. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
