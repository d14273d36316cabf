import type { Emulator } from '../emulator/emulator.ts';
import { idsOf } from './asking.ts';
import { post } from './post.ts';
import type { TurnedClock } from './turnedClock.ts';

/** One request, and how its users were answered. */
export interface Round {
  /** Milliseconds since the epoch, as simulated. */
  readonly at: number;
  readonly asked: number;
  readonly live: number;
  readonly cached: number;
  readonly stale: number;
  /** The retryAfterSeconds of each user who was not answered, ascending. */
  readonly waiting: readonly number[];
  /** Calls that the emulator saw in the minute before the round's end. */
  readonly callsInLastMinute: number;
  /** Calls so far that came before a Retry-After had passed. */
  readonly tooEarly: number;
  /** Users still without an answer that is not stale; undefined before any were wanted. */
  readonly wanted: number | undefined;
}

export interface PatientClientOptions {
  readonly url: string;
  readonly token: string;
  /** Whose token it is. */
  readonly caller: string;
  readonly clock: TurnedClock;
  readonly defender: Emulator;
  readonly onRound: (round: Round) => void;
}

const QUERY = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on User { id machines { id } machinesFreshness { source } }
  }
}`;
const MINUTE = 60_000;

interface Answer {
  readonly _entities: readonly Entity[];
}

interface Entity {
  readonly id: string;
  readonly machines: readonly { readonly id: string }[] | null;
  readonly machinesFreshness: { readonly source: 'LIVE' | 'CACHE' | 'STALE' } | null;
}

/** Asks as a router does, all users in one list, and again for those who lack a good answer, when each may be asked for. */
export class PatientClient {
  readonly #options: PatientClientOptions;
  /** When each wanted user may be asked for, in milliseconds since the epoch. */
  readonly #dueAt = new Map<string, number>();
  #hasWanted = false;
  readonly rounds: Round[] = [];
  readonly wrongs: string[] = [];

  constructor(options: PatientClientOptions) {
    this.#options = options;
  }

  get wanted(): number {
    return this.#dueAt.size;
  }

  want(users: readonly string[]): void {
    this.#hasWanted = true;
    for (const user of users) this.#dueAt.set(user, this.#options.clock.now());
  }

  due(): string[] {
    const now = this.#options.clock.now();
    return [...this.#dueAt].filter(([, at]) => at <= now).map(([user]) => user);
  }

  async ask(users: readonly string[]): Promise<void> {
    const { url, token, clock, defender, onRound } = this.#options;
    const at = clock.now();
    const representations = users.map((id) => ({ __typename: 'User', id }));
    const body = { query: QUERY, variables: { representations } };
    const { data, errors = [] } = await clock.during(post<Answer>(url, token, body));
    const now = clock.now();

    const told = new Map<unknown, number>();
    for (const { path, extensions: { code, retryAfterSeconds } = {} } of errors) {
      if (retryAfterSeconds === undefined) this.wrongs.push(`an error ${code}`);
      else told.set(path?.[1], retryAfterSeconds);
    }
    const counts = { LIVE: 0, CACHE: 0, STALE: 0 };
    for (const [index, entity] of (data?._entities ?? []).entries()) {
      const source = entity.machinesFreshness?.source;
      if (source) counts[source] += 1;
      if (source && !this.#isTrue(entity)) this.wrongs.push(`the devices of ${entity.id}`);
      if (source === 'LIVE' || source === 'CACHE') this.#dueAt.delete(entity.id);
      else this.#dueAt.set(entity.id, now + (told.get(index) ?? 0) * 1_000);
    }
    const round = {
      at,
      asked: users.length,
      live: counts.LIVE,
      cached: counts.CACHE,
      stale: counts.STALE,
      waiting: [...told.values()].toSorted((a, b) => a - b),
      callsInLastMinute: defender.ledger.calls.filter((call) => call.at > now - MINUTE).length,
      tooEarly: defender.ledger.tooEarly,
      wanted: this.#hasWanted ? this.wanted : undefined,
    };
    this.rounds.push(round);
    onRound(round);
  }

  #isTrue({ id, machines }: Entity): boolean {
    const { caller, defender } = this.#options;
    return idsOf(machines ?? []) === idsOf(defender.visibleTo(caller, id) ?? []);
  }
}
