import { LRUCache } from 'lru-cache';
import type { EntitiesQuestion, EntityList } from './question.ts';
import type { PlainRequest } from './request.ts';

/** A question that the ordinary road has parsed, validated and admitted. */
export interface KnownQuestion extends EntitiesQuestion {
  /** By the JSON of the variables that are not representations. */
  readonly variants: LRUCache<string, Variant>;
}

/** The question's lists: objects of their own, which renderings name as what was asked of an entity. */
export type Variant = readonly EntityList[];

export interface Questions {
  recall(request: PlainRequest): KnownQuestion | undefined;
  /** The same by what `keyOf` makes of the request. */
  recallBy(key: string): KnownQuestion | undefined;
  /** Whether it was met before; from now on it was. */
  isMetAgain(request: PlainRequest): boolean;
  learn(request: PlainRequest, question: EntitiesQuestion): KnownQuestion;
}

/** Of all documents and variables together; one takes one byte, or two. */
const MOST_CHARACTERS = 8_000_000;
/** The same of those that were met once at least. */
const MOST_CHARACTERS_MET = 2_000_000;
/** What one takes beside its characters. */
const MET = 100;
/** Characters. What routers send is far shorter. */
const LONGEST_DOCUMENT = 100_000;
const MOST_VARIANTS = 16;
/** Characters. */
const LONGEST_VARIABLES = 1_000;
const MOST_VARIABLES = 100;

export function createQuestions(): Questions {
  const questions = new LRUCache<string, KnownQuestion>({
    maxSize: MOST_CHARACTERS,
    maxEntrySize: LONGEST_DOCUMENT + MOST_VARIANTS * LONGEST_VARIABLES,
    sizeCalculation: (_question, { length }) => length + MOST_VARIANTS * LONGEST_VARIABLES,
  });
  const met = new LRUCache<string, true>({
    maxSize: MOST_CHARACTERS_MET,
    maxEntrySize: LONGEST_DOCUMENT + MET,
    sizeCalculation: (_met, { length }) => length + MET,
  });
  return {
    recall: (request) => questions.get(keyOf(request)),
    recallBy: (key) => questions.get(key),
    isMetAgain(request) {
      const key = keyOf(request);
      const isMet = met.has(key);
      met.set(key, true);
      return isMet;
    },
    learn(request, question) {
      const known = {
        ...question,
        variants: new LRUCache<string, Variant>({ max: MOST_VARIANTS }),
      };
      questions.set(keyOf(request), known);
      return known;
    },
  };
}

/** The length keeps the two apart, whatever characters they hold. */
export function keyOf({ query, operationName }: PlainRequest): string {
  return `${operationName?.length ?? ''} ${operationName ?? ''}${query}`;
}

/** Undefined for variables that were not met yet, or can't be remembered. */
export function variantOf(question: KnownQuestion, request: PlainRequest): Variant | undefined {
  const others = otherVariables(question, request);
  return others === undefined ? undefined : question.variants.get(others);
}

/** The same, remembered from now on. */
export function learnVariant(question: KnownQuestion, request: PlainRequest): Variant | undefined {
  const others = otherVariables(question, request);
  if (others === undefined) return undefined;
  const known = question.variants.get(others);
  if (known) return known;
  const variant = question.lists.map((list) => ({ ...list }));
  question.variants.set(others, variant);
  return variant;
}

/**
 * Keys in another order make another variant, which costs no more than a second reading. Undefined where there are too
 * many, or where JSON can't tell them apart: it writes a number that is too large as null.
 */
function otherVariables({ lists }: KnownQuestion, { variables }: PlainRequest): string | undefined {
  const names = Object.keys(variables);
  if (names.length > lists.length + MOST_VARIABLES) return undefined;
  const others = names.filter((name) => !lists.some(({ variable }) => variable === name));
  if (others.length === 0) return '';
  let isExact = true;
  let values = 0;
  const write = (_: string, value: unknown) => {
    values += 1;
    if (value === Infinity || value === -Infinity) isExact = false;
    // Each takes a character at least. What comes beyond may be deeper than can be written.
    return values > LONGEST_VARIABLES ? undefined : value;
  };
  const text = JSON.stringify(
    others.map((name) => [name, variables[name]]),
    write,
  );
  return isExact && values <= LONGEST_VARIABLES && text.length <= LONGEST_VARIABLES
    ? text
    : undefined;
}
