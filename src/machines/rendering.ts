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
  /** From when the sighting is to be renewed, in milliseconds since the epoch. */
  readonly ripeAt: number;
  /** The cache's key of the sighting. */
  readonly key: string;
  /** A comma, then the entity, in UTF-8. */
  readonly json: Buffer;
  /** When the cache was last told that this is in use, in milliseconds since the epoch. */
  touchedAt: number;
}

/** The renderings of one partition, found by spelling and question. */
export interface Renderings {
  find(question: object, spelling: string): Rendering | undefined;
  add(rendering: Rendering): void;
  remove(rendering: Rendering): void;
}

export function createRenderings(): Renderings {
  const bySpelling = new Map<string, Rendering[]>();

  return {
    // A loop, since it runs for each user of each answer.
    find(question, spelling) {
      const renderings = bySpelling.get(spelling);
      if (!renderings) return undefined;
      for (const rendering of renderings) if (rendering.question === question) return rendering;
      return undefined;
    },
    add(rendering) {
      const { spelling } = rendering;
      bySpelling.set(spelling, [...(bySpelling.get(spelling) ?? []), rendering]);
    },
    remove(rendering) {
      const { spelling } = rendering;
      const others = (bySpelling.get(spelling) ?? []).filter((other) => other !== rendering);
      if (others.length > 0) bySpelling.set(spelling, others);
      else bySpelling.delete(spelling);
    },
  };
}
