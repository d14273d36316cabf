/** Every way in which the machines of one user can be out of reach. The README says what to do for each. */
export type FailureCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_INVALID_RESPONSE'
  | 'DEADLINE_EXCEEDED'
  | 'INTERNAL_SERVER_ERROR';

export interface FailureDetails {
  /** Whole seconds, rounded up, after which asking again can succeed. */
  readonly retryAfterSeconds?: number;
  /** A claims challenge, base64 as MSAL takes it: get a new token with these claims. */
  readonly claims?: string;
  /** The correlation id that Microsoft support asks for. */
  readonly correlationId?: string;
}

/**
 * A failure that a client may read: `message` says what to do next, and neither it nor `details` holds a token, a URL,
 * an upstream body or a stack. What only an operator may read goes into `cause`.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(
    code: FailureCode,
    message: string,
    details: FailureDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Failure';
    this.code = code;
    this.details = details;
  }
}
