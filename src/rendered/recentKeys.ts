import { LRUCache } from 'lru-cache';
import { apart } from './apart.ts';

/** Where the keys of users stand in a body. */
export interface Place {
  /** Where the first one begins, and the last one ends. */
  readonly from: number;
  readonly to: number;
  /** From the end of one to the next. */
  readonly between: string;
}

export type KeysIn = (text: string, place: Place) => readonly string[];

interface Kept extends Place {
  readonly text: string;
  readonly keys: readonly string[];
}

/** Of all bodies together, and of their keys; one takes one byte, or two. */
const MOST_CHARACTERS = 2_000_000;
/** What a key, and a body that was met once, takes beside its characters. */
const OBJECT = 100;
/**
 * Characters from the beginning, the middle and the end by which a body is looked up: to look for it by all of it takes
 * longer than to cut it.
 */
const PART = 24;
/** Characters from the first key to the last, below which looking up the body takes longer than looking up its keys. */
const LEAST = 1_024;

/**
 * Cuts the keys out of bodies. A page that is shown again asks in the very same words, and texts that were just cut out of
 * another one are slow to look up: they are new to the engine each time. So keys are remembered once a body has come, or
 * one that is like it in length and parts; what comes once costs nothing but a note.
 */
export function createRecentKeys(): KeysIn {
  const recent = new LRUCache<string, Kept | typeof MET>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: sizeOf,
  });

  return (text, { from, to, between }) => {
    const cut = () => text.slice(from, to).split(between);
    if (to - from < LEAST) return cut();
    const middle = (from + to) >> 1;
    const parts = [from, middle, to - PART].map((at) => text.slice(at, at + PART));
    const name = `${text.length} ${parts.join(' ')}`;
    const kept = recent.get(name);
    const isPlace = (place: Place) =>
      place.from === from && place.to === to && place.between === between;
    if (kept && kept !== MET && kept.text === text && isPlace(kept)) return kept.keys;
    const isMetAgain = kept === MET;
    const keys = isMetAgain ? cut().map(apart) : cut();
    recent.set(apart(name), isMetAgain ? { text, from, to, between, keys } : MET);
    return keys;
  };
}

/** Of a body that was met once. */
const MET = 'met';

function sizeOf(kept: Kept | typeof MET, name: string): number {
  return (
    name.length + OBJECT + (kept === MET ? 0 : 2 * kept.text.length + OBJECT * kept.keys.length)
  );
}
