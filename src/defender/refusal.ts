import { Failure, type FailureDetails } from '../errors.ts';
import { claimsChallenge } from './challenge.ts';
import type { Answer } from './request.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface ErrorBody {
  readonly message: string;
  readonly details: FailureDetails;
}

/** What an answer that is not 200 means to the client who waits for it. The upstream's own words stay here. */
export function refusalOf(answer: Answer, retryAfterMilliseconds?: number): Failure {
  const { details } = readError(answer);
  switch (answer.status) {
    case 400:
      return new Failure(
        'BAD_USER_INPUT',
        'Defender does not take this user name. Check it.',
        details,
      );
    case 401:
      return unauthenticated(answer, details);
    case 403:
      return new Failure(
        'FORBIDDEN',
        'Defender refused the token. It must be for the Defender for Endpoint API (audience ' +
          'https://api.securitycenter.microsoft.com or that of your cloud), hold Machine.Read or Machine.ReadWrite ' +
          '(delegated) or Machine.Read.All or Machine.ReadWrite.All (application), and its user needs a Defender role ' +
          'with "View Data".',
        details,
      );
    case 429:
      return rateLimited(retryAfterMilliseconds ?? 0, details);
    default:
      return answer.status >= 500
        ? new Failure(
            'UPSTREAM_UNAVAILABLE',
            'Defender has a fault. Try again in a minute.',
            details,
          )
        : invalidResponse(`status ${answer.status}`, details);
  }
}

function rateLimited(milliseconds: number, details: FailureDetails = {}): Failure {
  const retryAfterSeconds = Math.max(1, Math.ceil(milliseconds / 1_000));
  return new Failure(
    'RATE_LIMITED',
    `Defender has told this application to pause. Ask for this user again in ${retryAfterSeconds} s.`,
    { ...details, retryAfterSeconds },
  );
}

export function invalidResponse(what: string, details: FailureDetails = {}): Failure {
  return new Failure(
    'UPSTREAM_INVALID_RESPONSE',
    `Defender's answer could not be understood (${what}). Try again; if it stays so, tell the operator of this service.`,
    details,
  );
}

/** The message of Defender's error body: free text, for reading limits out of it and for nobody else. */
export function messageOf(answer: Answer): string {
  return readError(answer).message;
}

function unauthenticated({ headers }: Answer, details: FailureDetails): Failure {
  const claims = claimsChallenge(headers['www-authenticate']);
  return claims === undefined
    ? new Failure(
        'UNAUTHENTICATED',
        'Defender did not accept the token: it may have expired. Sign in again and send a new one.',
        details,
      )
    : new Failure(
        'UNAUTHENTICATED',
        'Microsoft Entra wants more proof of this sign-in. Get a new token with the claims in extensions.claims.',
        { ...details, claims },
      );
}

/** The body may be empty or not JSON: a gateway in between may have written it. */
function readError({ body }: Answer): ErrorBody {
  try {
    const { error } = JSON.parse(body.toString('utf8')) as { error?: Record<string, unknown> };
    return {
      message: typeof error?.message === 'string' ? error.message : '',
      details:
        typeof error?.target === 'string' && GUID.test(error.target)
          ? { correlationId: error.target }
          : {},
    };
  } catch {
    return { message: '', details: {} };
  }
}
