import { Failure } from '../errors.ts';

/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

const USUAL = 'Bearer ';

/** What an Authorization header offers in the usual spelling, unread; empty where it offers nothing so. */
export function offeredToken(authorization: string | undefined): string {
  return authorization?.startsWith(USUAL) ? authorization.slice(USUAL.length) : '';
}

/** The token of an Authorization header. Throws a Failure UNAUTHENTICATED where there is none. */
export function bearerToken(authorization: string | undefined): string {
  const token = authorization && BEARER.exec(authorization)?.[1];
  if (!token) {
    throw new Failure(
      'UNAUTHENTICATED',
      'Send "Authorization: Bearer <token>". Behind a router, configure it to propagate the Authorization header.',
    );
  }
  if (!isSpelledAsIssued(token)) {
    throw new Failure(
      'UNAUTHENTICATED',
      'The token is not spelled as it was issued: its signature ends in bits that are not part of it. Send it unchanged.',
    );
  }
  return token;
}

/**
 * A signature in base64url has many spellings for readers that overlook padding and spare bits (RFC 4648, section
 * 3.5). Each would be a caller of its own here, with its own entries, exchanges and share of the budget.
 */
function isSpelledAsIssued(token: string): boolean {
  const [, , ...rest] = token.split('.');
  const last = rest.at(-1);
  return last === undefined || Buffer.from(last, 'base64url').toString('base64url') === last;
}
