import type { Failure } from '../errors.ts';
import type { RequestRecord } from '../telemetry/record.ts';

/**
 * What a caller's calls are worth: `interactive` for a person who waits, `bulk` for work that nobody watches (a notebook),
 * `spare` for what is asked for ahead of need, from budget that nobody else wants.
 */
export type Priority = 'interactive' | 'bulk' | 'spare';

/** Who asks, as far as the rest of the house needs to know. */
export interface Caller {
  /** What the cache is partitioned by: a digest without a slash, one for each set of rights. */
  readonly partition: string;
  /** Names the budget that this caller's calls draw on: the Defender API counts per application and tenant. */
  readonly budget: string;
  readonly priority: Priority;
  /** Whether this service has verified who asks; where it has not, only an answer of Defender's tells. */
  readonly isVerified: boolean;
  /** Tenant and person or application as the token names them, for the log: only true where it is verified, or taken. */
  readonly subject?: string | undefined;
  /** Where what is done for this request is written down. */
  readonly record?: RequestRecord | undefined;
  /** Milliseconds since the epoch; nothing read for this caller is served later. Infinity where unknown. */
  readonly expiresAt: number;
  /**
   * Where several tokens have the same rights: whether this very one would be let through to Defender. Costs no call of
   * Defender's. Rejects with a Failure UNAUTHENTICATED where it would not, and resolves with a Failure where nobody can
   * say at the moment.
   */
  admit?(signal: AbortSignal): Promise<Failure | undefined>;
  /** The bearer token for the Defender API. Rejects with a Failure. */
  defenderToken(signal: AbortSignal): Promise<string>;
  /**
   * A token that answers a claims challenge (`claims` is base64), where this service can get one. Rejects with a
   * Failure whose details hold the claims where the person must answer it.
   */
  answerChallenge?(signal: AbortSignal, claims: string): Promise<string>;
}

/** Who a token speaks for; the request itself says with what priority. */
export type Authenticated = Omit<Caller, 'priority' | 'record'>;

/** Turns an Authorization header into a caller. Rejects with a Failure: UNAUTHENTICATED or UPSTREAM_UNAVAILABLE. */
export type Authenticate = (authorization: string | undefined) => Promise<Authenticated>;

/**
 * The same for a token that was authenticated before and would still be let through to Defender, without asking anybody;
 * undefined for any other.
 */
export type Recognize = (authorization: string | undefined) => Authenticated | undefined;

export interface Identity {
  readonly authenticate: Authenticate;
  readonly recognize: Recognize;
}
