import type { Authenticated } from '../auth/caller.ts';
import type { Clock } from '../clock.ts';
import { isWithinLimits } from '../graphql/limits.ts';
import type { MachineCache } from '../machines/cache.ts';
import type { Renew } from '../machines/renewal.ts';
import type { Rendering } from '../machines/rendering.ts';
import type { RequestRecord } from '../telemetry/record.ts';
import type { KnownQuestion } from './questions.ts';
import type { Asked } from './template.ts';

export interface AnswerOptions {
  readonly cache: MachineCache;
  readonly renew: Renew;
  readonly clock: Clock;
  readonly maxUsersPerRequest: number;
}

export interface RenderedAnswer {
  /** JSON in UTF-8. */
  readonly parts: readonly Buffer[];
  /** Of all parts. */
  readonly byteLength: number;
  /** As the ordinary road's header would say. */
  readonly cacheControl: string;
  /** How often users are in it. */
  readonly asks: number;
  /** One rendering of each user. */
  readonly users: readonly Rendering[];
}

/** Undefined where the ordinary road must answer. */
export type Answer = (caller: Authenticated, asked: Asked) => RenderedAnswer | undefined;

/** What the schema says of User, in seconds. */
const MOST_MAX_AGE = 300;
const CLOSING = Buffer.from(']}}');

/** Joins what is kept of each entity, where all of them are kept. */
export function createAnswer(options: AnswerOptions): Answer {
  const { cache, renew, clock, maxUsersPerRequest } = options;
  let answers = 0;

  return (caller, { question, lists }) => {
    const now = clock.now();
    const parts: Buffer[] = [];
    let byteLength = 0;
    const asked = { users: 0, machines: 0 };
    const ripe: Rendering[] = [];
    const users: Rendering[] = [];
    answers += 1;
    let opening = '{"data":{';
    let freshUntil = Infinity;

    for (const { list, spellings } of lists) {
      // Empty, or no list at all: the ordinary road knows which.
      if (spellings.length === 0) return undefined;
      const find = cache.renderings(caller, list);
      const head = Buffer.from(`${opening}"${list.responseKey}":[`);
      parts.push(head);
      byteLength += head.byteLength;
      let isFirst = true;
      for (const spelling of spellings) {
        const rendering = spelling === undefined ? undefined : find(spelling);
        if (!rendering) return undefined;
        const { json, devices, freshUntil: until, ripeAt, turn } = rendering;
        // The first without its comma.
        parts.push(isFirst ? json.subarray(1) : json);
        byteLength += isFirst ? rendering.byteLength - 1 : rendering.byteLength;
        isFirst = false;
        if (turn.last !== answers) users.push(rendering);
        turn.last = answers;
        asked.machines += devices ?? 0;
        if (until < freshUntil) freshUntil = until;
        if (ripeAt <= now) ripe.push(rendering);
      }
      asked.users += spellings.length;
      opening = '],';
    }
    parts.push(CLOSING);
    if (!isWithinLimits(question.weights, asked, maxUsersPerRequest)) return undefined;

    for (const { userName, sighting } of ripe) renew(caller, userName, sighting);
    const maxAge = Math.min(MOST_MAX_AGE, Math.floor((freshUntil - now) / 1_000));
    return {
      parts,
      byteLength: byteLength + CLOSING.byteLength,
      cacheControl: maxAge > 0 ? `max-age=${maxAge}, private` : 'no-store',
      asks: asked.users,
      users,
    };
  };
}

/** Writes down what was answered to whom. */
export function tell(
  record: RequestRecord,
  caller: Authenticated,
  { operation }: KnownQuestion,
  { asks, users }: RenderedAnswer,
): void {
  record.road = 'rendered';
  record.caller = caller;
  record.operation = operation;
  record.asks = asks;
  for (const { userName, devices } of users) record.answered(userName, 'CACHE', devices);
}
