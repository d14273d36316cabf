import { randomUUID } from 'node:crypto';

/** What gateways send: UUIDs, ULIDs, trace ids. Shorter than a token, and nothing that a log or a header must escape. */
const ID = /^[\w.:-]{8,64}$/;

/** The request's own id, where it brings one of a usual form; else a new UUID. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && ID.test(header) ? header : randomUUID();
}
