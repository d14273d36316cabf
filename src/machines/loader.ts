import { setImmediate } from 'node:timers/promises';
import DataLoader from 'dataloader';
import type { Caller } from '../auth/caller.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { MachinesOfUser, Sighting } from './sighting.ts';
import type { UserName } from './userName.ts';

export interface MachineLoader {
  /** Rejects with a Failure. */
  load(userName: UserName): Promise<Sighting>;
  /** What it has answered so far. */
  readonly sightings: ReadonlyMap<UserName, Sighting>;
}

/** Whether a caller has an answer for a user, fresh or not. */
export type HasSeen = (caller: Caller, userName: UserName) => boolean;

/** How a request is watched, where it is. */
interface Watch {
  readonly record?: RequestRecord;
  readonly tracing?: Tracing | undefined;
}

/**
 * Calls that are prepared before they are sent. A connection sends when the event loop has come round: the first answers
 * of a hundred calls that are all prepared at once would come as much later as it takes to prepare the last.
 */
const AT_A_TIME = 10;
/** Users for whom that is worth it: more calls than are under way at once are not sent any sooner. */
const MOST_IN_TURN = 100;

/**
 * One request's view: however often it names a user, that user is asked for once, and sees one answer, as soon as it comes.
 * A failure belongs to its own user, never to the batch; a caller who can't be made out fails each user.
 * Users who were never seen are asked for first: where the budget does not reach for all, those who ask for the same
 * list again would else renew its beginning for ever and never see its end.
 */
export function createLoader(
  machinesOf: MachinesOfUser,
  hasSeen: HasSeen,
  authenticated: Promise<Caller>,
  signal: AbortSignal,
  { record, tracing }: Watch = {},
): MachineLoader {
  const sightings = new Map<UserName, Sighting>();

  // None of these rejects: nobody may listen yet where one user fails while others are still to be asked for.
  const answerOf = async (
    caller: Caller | Error,
    userName: UserName,
  ): Promise<Sighting | Error> => {
    try {
      if (caller instanceof Error) throw caller;
      const sighting = await machinesOf(caller, userName, signal);
      sightings.set(userName, sighting);
      record?.answered(userName, sighting.source, sighting.machines?.length ?? null);
      return sighting;
    } catch (error) {
      record?.unanswered(userName);
      return asError(error);
    }
  };

  const askForAll = async (userNames: readonly UserName[]) => {
    const caller = await authenticated.catch(asError);
    const seen = new Set(
      userNames.filter((userName) => caller instanceof Error || hasSeen(caller, userName)),
    );
    const answers = new Map<UserName, Promise<Sighting | Error>>();
    const inTurn = userNames.toSorted((a, b) => Number(seen.has(a)) - Number(seen.has(b)));
    for (const [index, userName] of inTurn.entries()) {
      const isSoon = index > 0 && index < Math.min(userNames.length - seen.size, MOST_IN_TURN);
      if (isSoon && index % AT_A_TIME === 0 && !signal.aborted) await setImmediate();
      answers.set(userName, answerOf(caller, userName));
    }
    return userNames.map((userName) => answers.get(userName) ?? NEVER);
  };

  // What it hands out is an answer to come, so that nobody waits for the slowest of a batch.
  const loader = new DataLoader<UserName, Promise<Sighting | Error>>(async (userNames) => {
    const span = tracing?.start('load users', {
      parent: record?.span,
      attributes: { 'user_machines.users': userNames.length },
    });
    if (!span) return askForAll(userNames);
    const answers = await span.within(() => askForAll(userNames));
    void Promise.all(answers).then(() => span.end());
    return answers;
  });
  return { load: (userName) => Promise.resolve(loader.load(userName)).then(sightingIn), sightings };
}

function sightingIn(answer: Sighting | Error): Sighting {
  if (answer instanceof Error) throw answer;
  return answer;
}

/** DataLoader wants an answer for each name, and each name has one. */
const NEVER = Promise.resolve(new Error('a user name without an answer'));

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('not an error', { cause: error });
}
