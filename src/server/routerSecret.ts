import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Failure } from '../errors.ts';

const HEADER = 'x-router-secret';

/** One for a secret that is missing and one that is wrong: who guesses learns nothing. */
export const NOT_THE_ROUTER = new Failure(
  'FORBIDDEN',
  `Only the router may ask here, and this request does not have its ${HEADER}. Ask the supergraph; its operator compares the secret of the router with ROUTER_SECRET.`,
);

/** Whether a request brings one of the secrets, found out in the same time whatever it brings. Without secrets, all do. */
export function createRouterCheck(
  secrets: readonly string[],
): (headers: IncomingHttpHeaders) => boolean {
  if (secrets.length === 0) return () => true;
  const known = secrets.map(digest);
  return (headers) => {
    const given = digest(String(headers[HEADER] ?? ''));
    let isKnown = false;
    for (const secret of known) isKnown = timingSafeEqual(secret, given) || isKnown;
    return isKnown;
  };
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
