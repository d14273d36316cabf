import { ripeAt } from './renewal.ts';
import type { Sighting } from './sighting.ts';
import type { UserName } from './userName.ts';

/** What one entity looks like in the answers to one question. */
export interface Rendering {
  /** Stands for what was asked: a document with its variables, and the list in its answer. Compared by identity. */
  readonly question: object;
  /** The key by which the entity was asked for, as it was written: the answer repeats it. */
  readonly spelling: string;
  readonly userName: UserName;
  readonly sighting: Sighting;
  /** Of the sighting: here for an answer of hundreds, which would have to look for each of them in two more places. */
  readonly freshUntil: number;
  readonly devices: number | null;
  /** From when the sighting is to be renewed, in milliseconds since the epoch. */
  readonly ripeAt: number;
  /** The cache's key of the sighting. */
  readonly key: string;
  /** A comma, then the entity, in UTF-8. */
  readonly json: Buffer;
  readonly byteLength: number;
  /** Shared by all renderings of one user for one caller. */
  readonly turn: Turn;
  /** When the cache was last told that this is in use, in milliseconds since the epoch. */
  touchedAt: number;
}

/** Whether a user is in an answer already, which an answer of hundreds asks of each: a set of names would take ten times as long. */
export interface Turn {
  /** The number of the last answer that the user was in. */
  last: number;
}

/** `now`: milliseconds since the epoch. */
export function createRendering(
  { question, spelling, json }: Pick<Rendering, 'question' | 'spelling' | 'json'>,
  { userName, sighting, key, turn }: Pick<Rendering, 'userName' | 'sighting' | 'key' | 'turn'>,
  now: number,
): Rendering {
  // Each by its name: spread, so many properties are kept in a dictionary, which takes twice the time to read.
  return {
    question,
    spelling,
    json,
    byteLength: json.byteLength,
    userName,
    sighting,
    freshUntil: sighting.freshUntil,
    devices: sighting.machines?.length ?? null,
    ripeAt: ripeAt(sighting),
    key,
    turn,
    touchedAt: now,
  };
}

/** The renderings of one partition, found by question and spelling. */
export interface Renderings {
  /** Those of one question, by spelling. */
  of(question: object): ReadonlyMap<string, Rendering> | undefined;
  add(rendering: Rendering): void;
  remove(rendering: Rendering): void;
}

export function createRenderings(): Renderings {
  const byQuestion = new Map<object, Map<string, Rendering>>();

  return {
    of: (question) => byQuestion.get(question),
    add(rendering) {
      const { question, spelling } = rendering;
      const bySpelling = byQuestion.get(question) ?? new Map<string, Rendering>();
      byQuestion.set(question, bySpelling.set(spelling, rendering));
    },
    remove({ question, spelling }) {
      const bySpelling = byQuestion.get(question);
      bySpelling?.delete(spelling);
      if (bySpelling?.size === 0) byQuestion.delete(question);
    },
  };
}
