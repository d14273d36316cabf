import { Failure } from '../errors.ts';

/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** The token of an Authorization header. Throws a Failure UNAUTHENTICATED where there is none. */
export function bearerToken(authorization: string | undefined): string {
  const token = authorization && BEARER.exec(authorization)?.[1];
  if (!token) {
    throw new Failure(
      'UNAUTHENTICATED',
      'Send "Authorization: Bearer <token>". Behind a router, configure it to propagate the Authorization header.',
    );
  }
  return token;
}
