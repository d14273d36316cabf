import type { Clock } from '../clock.ts';
import { Failure } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import { createFlights } from '../flights.ts';
import { createMemory } from './memory.ts';
import { hashOf } from './tokenHash.ts';
import { TokenRefused, type VerifiedToken } from './verifyClaims.ts';
import { createTokenVerification, LEEWAY_SECONDS, type TokenRules } from './verifyToken.ts';

export interface VerifyOptions extends TokenRules {
  readonly clock: Clock;
  readonly log: Log;
  /** How many tokens are remembered; as many refused ones on top. */
  readonly rememberedTokens: number;
}

export interface Verify {
  /** Resolves for a token that is valid now. Rejects with a Failure: UNAUTHENTICATED, UPSTREAM_UNAVAILABLE or UPSTREAM_TIMEOUT. */
  (token: string): Promise<VerifiedToken>;
  /** The token with this SHA-256, where it was verified before and is still valid. */
  recall(hash: string): VerifiedToken | undefined;
}

const REFUSED_MILLISECONDS = 30_000;
/** No one who waits for a verification leaves early: it takes a tenth of a millisecond, or one bounded fetch of keys. */
const NEVER = new AbortController().signal;

/**
 * A signature is checked once: the answer is remembered by the hash of the whole token, as long as the token is valid.
 * Refusals have a memory of their own, so that no flood of them pushes out a good token. Keys that could not be
 * fetched say nothing about the token, and are not remembered.
 */
export function createVerify(options: VerifyOptions): Verify {
  const { clock, log, rememberedTokens } = options;
  const verifyToken = createTokenVerification(options);
  const verified = createMemory<VerifiedToken>(rememberedTokens, clock);
  const refused = createMemory<string>(rememberedTokens, clock);
  const flights = createFlights<VerifiedToken>();

  const verifyAndRemember = async (hash: string, token: string) => {
    try {
      const answer = await verifyToken(token);
      verified.remember(hash, answer, answer.expiresAt + LEEWAY_SECONDS * 1000);
      return answer;
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      refused.remember(hash, error.message, clock.now() + REFUSED_MILLISECONDS);
      log.debug({ reason: error.message }, 'token refused');
      throw unauthenticated(error.message);
    }
  };

  const verify = async (token: string) => {
    const hash = hashOf(token);
    const known = verified.recall(hash);
    if (known !== undefined) return known;
    const reason = refused.recall(hash);
    if (reason !== undefined) throw unauthenticated(reason);
    return flights.join(hash, NEVER, () => verifyAndRemember(hash, token));
  };
  return Object.assign(verify, { recall: (hash: string) => verified.recall(hash) });
}

function unauthenticated(message: string): Failure {
  return new Failure('UNAUTHENTICATED', message);
}
