import type { Clock } from '../clock.ts';
import { Failure } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import { decodeClaims } from './claimsChallenge.ts';
import type { Refusal } from './exchangeRefusal.ts';
import { createTokenExchange, type TokenExchangeOptions } from './exchangeToken.ts';
import { createFlights } from '../flights.ts';
import { onAbort } from '../flights/onAbort.ts';
import { createMemory } from './memory.ts';
import { NotExchanged } from './notExchanged.ts';
import { LEEWAY_SECONDS } from './verifyToken.ts';

export interface ExchangeOptions extends TokenExchangeOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMilliseconds: number;
  /** How many exchanged tokens are remembered; as many refusals on top. */
  readonly rememberedTokens: number;
}

/** A verified token, to be exchanged as the assertion of an on-behalf-of request. */
interface Assertion {
  readonly token: string;
  /** SHA-256 of the token. */
  readonly hash: string;
  readonly tenantId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface Exchange {
  /**
   * Resolves with a token for Defender. `claims` is a challenge in base64; where it can't be met, the rejection hands it on in `details.claims`.
   * Rejects with a Failure: UNAUTHENTICATED, UPSTREAM_UNAVAILABLE or UPSTREAM_TIMEOUT; or with the reason of the signal.
   */
  (assertion: Assertion, signal: AbortSignal, claims?: string): Promise<string>;
  /** Whether a token for Defender is remembered that answers no challenge. */
  isKnown(assertion: Assertion): boolean;
}

/** A token is renewed this long before its end, so that it outlives the call that it is for. */
const SPARE_MILLISECONDS = 60_000;
/** A token that is soon to end is remembered as well, lest each call on its last minute exchange it again. */
const LEAST_MILLISECONDS = 5_000;
const REFUSED_MILLISECONDS = 30_000;

/** One exchange for each token at a time; its answer is remembered for as long as both tokens live. */
export function createExchange(options: ExchangeOptions): Exchange {
  const { clock, log, scope, timeoutMilliseconds, rememberedTokens } = options;
  const exchangeToken = createTokenExchange(options);
  const tokens = createMemory<string>(rememberedTokens, clock);
  const refusals = createMemory<Refusal>(rememberedTokens, clock);
  /** What was last said of a token, for when nobody can be asked: an outage does not make a refused token good. */
  const lastRefusals = createMemory<Refusal>(rememberedTokens, clock);
  const flights = createFlights<string>();

  const exchangeInTime = async (
    assertion: Assertion,
    claims: string | undefined,
    gone: AbortSignal,
  ) => {
    const over = new AbortController();
    const cancel = clock.after(timeoutMilliseconds, () => over.abort(timedOut()));
    const takeBack = onAbort(gone, () => over.abort(gone.reason));
    try {
      const { token, tenantId } = assertion;
      return await exchangeToken({ tenantId, assertion: token, claims, signal: over.signal });
    } finally {
      cancel();
      takeBack();
    }
  };

  const exchangeAndRemember = async (
    assertion: Assertion,
    challenge: { readonly base64: string; readonly json: string } | undefined,
    gone: AbortSignal,
  ) => {
    const exchanged = await exchangeInTime(assertion, challenge?.json, gone);
    const key = keyOf(assertion, scope, challenge?.json);
    if ('refusal' in exchanged) {
      const refusal = withClaims(exchanged.refusal, challenge?.base64);
      refusals.remember(key, refusal, clock.now() + REFUSED_MILLISECONDS);
      lastRefusals.remember(key, refusal, assertion.expiresAt + LEEWAY_SECONDS * 1_000);
      const level = refusal.operator ? 'error' : 'info';
      const { correlationId } = refusal.details;
      log[level]({ reason: refusal.reason, correlationId }, 'exchange refused');
      throw unauthenticated(refusal);
    }
    const { accessToken, lifeMilliseconds } = exchanged;
    const end = Math.min(clock.now() + lifeMilliseconds, assertion.expiresAt);
    const until = Math.max(
      end - SPARE_MILLISECONDS,
      Math.min(end, clock.now() + LEAST_MILLISECONDS),
    );
    tokens.remember(key, accessToken, until);
    // A token that meets a challenge serves whoever asks without one, who would only be challenged again.
    tokens.remember(keyOf(assertion, scope), accessToken, until);
    return accessToken;
  };

  const exchange = async (assertion: Assertion, signal: AbortSignal, claims?: string) => {
    const challenge = claims === undefined ? undefined : readChallenge(claims);
    const key = keyOf(assertion, scope, challenge?.json);
    const known = tokens.recall(key);
    if (known !== undefined) return known;
    const refusal = refusals.recall(key);
    if (refusal !== undefined) throw unauthenticated(refusal);
    try {
      return await flights.join(key, signal, (gone) =>
        exchangeAndRemember(assertion, challenge, gone),
      );
    } catch (error) {
      const last = isOutage(error) && lastRefusals.recall(key);
      throw last ? unauthenticated(last) : error;
    }
  };
  const isKnown = (assertion: Assertion) => tokens.recall(keyOf(assertion, scope)) !== undefined;
  return Object.assign(exchange, { isKnown });
}

function keyOf({ hash, tenantId }: Assertion, scope: string, claims = ''): string {
  return JSON.stringify([hash, tenantId, scope, claims]);
}

function readChallenge(base64: string) {
  const json = decodeClaims(base64);
  if (json === undefined) {
    throw new Failure('UNAUTHENTICATED', 'Defender asks for another token. Sign in again.');
  }
  return { base64, json };
}

/** Where the login authority names no claims of its own, those of the challenge are what the client needs. */
function withClaims(refusal: Refusal, claims: string | undefined): Refusal {
  if (claims === undefined) return refusal;
  return { ...refusal, details: { claims, ...refusal.details } };
}

function unauthenticated({ message, details, reason }: Refusal): Failure {
  return new NotExchanged('UNAUTHENTICATED', message, details, { cause: new Error(reason) });
}

/** Whether nobody could be asked, which says nothing of the token. */
export function isOutage(error: unknown): error is Failure {
  return error instanceof Failure && error.code.startsWith('UPSTREAM');
}

function timedOut(): Failure {
  return new Failure('UPSTREAM_TIMEOUT', 'The login authority did not answer in time. Ask again.');
}
