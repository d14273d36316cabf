import { InteractionRequiredAuthError, ServerError } from '@azure/msal-node';
import type { FailureDetails } from '../errors.ts';
import { encodeClaims } from './claimsChallenge.ts';

/** A token that the login authority does not exchange. `message` and `details` are for the client, `reason` for the log. */
export interface Refusal {
  readonly message: string;
  readonly details: FailureDetails;
  readonly reason: string;
  /** Whether the operator of this service has to act, and not the person. */
  readonly operator: boolean;
}

const CONSENT_REQUIRED = '65001';
/** OAuth codes for which a later attempt can go well, whatever the HTTP status. */
const PASSING = new Set(['temporarily_unavailable', 'server_error']);

/**
 * Reads what msal throws for an answer with an error. Undefined where that is no refusal of this token: then the
 * authority could not be asked. Nothing of its free text, which names people and applications, is kept; codes are.
 * Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function readRefusal(error: unknown, answer: Record<string, unknown>): Refusal | undefined {
  const interaction = error instanceof InteractionRequiredAuthError;
  if (!interaction && !(error instanceof ServerError)) return undefined;
  if (PASSING.has(error.errorCode)) return undefined;
  // msal keeps the claims for the sub-errors that it knows; the authority names them for others, too.
  const claims = encodeClaims(answer['claims']);
  const isInteractive = interaction || claims !== undefined;
  const isPersons = isInteractive || error.errorCode === 'invalid_grant';
  const number = JSON.stringify([answer['error_codes']].flat()[0] ?? '');
  const codes = [error.errorCode, error.subError, number].filter(isIdentifier);
  const correlationId = answer['correlation_id'];
  return {
    message: isPersons ? personMessage(codes, isInteractive) : OPERATOR,
    details: {
      ...(claims === undefined ? {} : { claims }),
      ...(isIdentifier(correlationId) ? { correlationId } : {}),
    },
    reason: codes.join(' '),
    operator: !isPersons,
  };
}

const OPERATOR =
  'The login authority does not accept the registration or the credential of this service. ' +
  'Its operator has to act; a new token does not help.';

function personMessage(codes: readonly string[], isInteractive: boolean): string {
  if (codes.includes('consent_required') || codes.includes(CONSENT_REQUIRED)) {
    return (
      'Nobody has consented yet that this service asks Defender on behalf of the person. ' +
      'Ask an administrator for consent, or have the person consent, and send a new token.'
    );
  }
  return isInteractive
    ? 'The person has to sign in again. Acquire a token interactively, with extensions.claims where it is given.'
    : "The token can't be exchanged for one of Defender. Acquire a new one and ask again.";
}

/** Codes and GUIDs pass, sentences don't. */
function isIdentifier(text: unknown): text is string {
  return typeof text === 'string' && /^[\w-]{1,64}$/.test(text);
}
