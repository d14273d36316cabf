import { setImmediate } from 'node:timers/promises';
import DataLoader from 'dataloader';
import type { Caller } from '../auth/caller.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import { spanned, type Tracing } from '../telemetry/tracing.ts';
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
 * One request's view: however often it names a user, that user is asked for once, and sees one answer. Answers are given
 * when all are there: made into values as they come, they would be held as such by each request that waits for a slow user.
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
  const loadAll = async (userNames: readonly UserName[]): Promise<(Sighting | Error)[]> => {
    const caller = await settled(() => authenticated);
    if (caller instanceof Error) return userNames.map(() => caller);
    const seen: UserName[] = [];
    const unseen: UserName[] = [];
    for (const userName of userNames) (hasSeen(caller, userName) ? seen : unseen).push(userName);
    const answers = new Map<UserName, Promise<Sighting | Error>>();
    for (const userName of [...unseen, ...seen]) {
      const isSoon = answers.size > 0 && answers.size < Math.min(unseen.length, MOST_IN_TURN);
      if (isSoon && answers.size % AT_A_TIME === 0 && !signal.aborted) await setImmediate();
      answers.set(
        userName,
        settled(() => machinesOf(caller, userName, signal)),
      );
    }
    return Promise.all(
      userNames.map((userName) => answers.get(userName) ?? Promise.resolve(NEVER)),
    );
  };

  const sightings = new Map<UserName, Sighting>();
  const tell = (userName: UserName, answer: Sighting | Error = NEVER) => {
    if (answer instanceof Error) {
      record?.unanswered(userName);
      return;
    }
    sightings.set(userName, answer);
    record?.answered(userName, answer.source, answer.machines?.length ?? null);
  };

  const loader = new DataLoader<UserName, Sighting>(async (userNames) => {
    const span = tracing?.start('load users', {
      parent: record?.span,
      attributes: { 'user_machines.users': userNames.length },
    });
    const answers = await (span ? spanned(span, () => loadAll(userNames)) : loadAll(userNames));
    for (const [index, userName] of userNames.entries()) tell(userName, answers[index]);
    return answers;
  });
  return { load: (userName) => loader.load(userName), sightings };
}

/** DataLoader wants an answer for each name, and each name has one. */
const NEVER = new Error('a user name without an answer');

// Also where it throws at once.
async function settled<T>(work: () => Promise<T>): Promise<T | Error> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error : new Error('not an error', { cause: error });
  }
}
