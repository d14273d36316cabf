import type { Caller } from '../auth/caller.ts';
import { NotExchanged } from '../auth/notExchanged.ts';
import { Failure } from '../errors.ts';
import type { Attempt } from './attempt.ts';
import { claimsChallenge } from './challenge.ts';
import { invalidResponse, refusalOf } from './refusal.ts';

/** The JSON at `path` as the caller may see it; undefined where Defender answers 404. Rejects with a Failure. */
export type Get = (caller: Caller, path: string, signal: AbortSignal) => Promise<unknown>;

export function createGet(attempt: Attempt): Get {
  return async (caller, path, signal) => {
    const token = await caller.defenderToken(signal);
    let answer = await attempt(caller, path, token, signal);

    const claims = answer.status === 401 && claimsChallenge(answer.headers['www-authenticate']);
    if (claims && caller.answerChallenge) {
      const stepped = await caller.answerChallenge(signal, claims).catch(turnedAway);
      answer = await attempt(caller, path, stepped, signal);
    }

    if (answer.status === 404 && isDefenders(answer.body)) return undefined;
    if (answer.status !== 200) throw refusalOf(answer, answer.pausedMilliseconds);
    return parsed(answer.body);
  };
}

/** Defender has refused this person's token, and there is none that it would take: that is Defender's own 401. */
function turnedAway(error: unknown): never {
  if (!(error instanceof NotExchanged)) throw error;
  throw new Failure(error.code, error.message, error.details, { cause: error });
}

/** A gateway's own page, as at a wrong address, must not pass for users whom Defender does not know. */
function isDefenders(body: Buffer): boolean {
  return body.length === 0 || body.toString('latin1', 0, 100).trimStart().startsWith('{');
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // The error of JSON.parse is no cause to keep: it quotes the text around the fault, and the log would too.
    throw invalidResponse('not JSON');
  }
}
