/** Who asks, as far as the rest of the house needs to know. */
export interface Caller {
  /** What the cache is partitioned by: a digest without a slash, one for each set of rights. */
  readonly partition: string;
  /** Names the budget that this caller's calls draw on: the Defender API counts per application and tenant. */
  readonly budget: string;
  /** Milliseconds since the epoch; nothing read for this caller is served later. Infinity where unknown. */
  readonly expiresAt: number;
  /** The bearer token for the Defender API. Rejects with a Failure. */
  defenderToken(signal: AbortSignal): Promise<string>;
  /**
   * A token that answers a claims challenge (`claims` is base64), where this service can get one. Rejects with a
   * Failure whose details hold the claims where the person must answer it.
   */
  answerChallenge?(signal: AbortSignal, claims: string): Promise<string>;
}

/** Turns an Authorization header into a caller. Rejects with a Failure: UNAUTHENTICATED or UPSTREAM_UNAVAILABLE. */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;
