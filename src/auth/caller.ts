/** Who asks, as far as the rest of the house needs to know. */
export interface Caller {
  /** What the cache is partitioned by: one value for each set of rights, never guessable from outside. */
  readonly partition: string;
  /** Names the budget that this caller's calls draw on: the Defender API counts per application and tenant. */
  readonly budget: string;
  /** Milliseconds since the epoch; nothing read for this caller is served later. Infinity where unknown. */
  readonly expiresAt: number;
  /**
   * The bearer token for the Defender API. `claims` (base64) answers a claims challenge: a caller that can get a token
   * with them resolves with it, one that can't resolves with undefined.
   * Rejects with a Failure: UNAUTHENTICATED, UPSTREAM_UNAVAILABLE or UPSTREAM_TIMEOUT.
   */
  defenderToken(signal: AbortSignal, claims?: string): Promise<string | undefined>;
}

/** Turns an Authorization header into a caller, or rejects with a Failure (UNAUTHENTICATED). */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;
