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
  learn(request: PlainRequest, question: EntitiesQuestion): void;
}

/** Of all documents and variables together; one takes one byte, or two. */
const MOST_CHARACTERS = 8_000_000;
/** Characters. What routers send is far shorter. */
const LONGEST_DOCUMENT = 100_000;
const MOST_VARIANTS = 16;
/** Characters. */
const LONGEST_VARIABLES = 1_000;
const MOST_VARIABLES = 100;
const TOO_LONG = ' '.repeat(LONGEST_VARIABLES + 1);

export function createQuestions(): Questions {
  const questions = new LRUCache<string, KnownQuestion>({
    maxSize: MOST_CHARACTERS,
    maxEntrySize: LONGEST_DOCUMENT,
    sizeCalculation: (_question, { length }) => length + MOST_VARIANTS * LONGEST_VARIABLES,
  });
  return {
    recall: (request) => questions.get(keyOf(request)),
    learn(request, question) {
      questions.set(keyOf(request), {
        ...question,
        variants: new LRUCache({ max: MOST_VARIANTS }),
      });
    },
  };
}

/** The length keeps the two apart, whatever characters they hold. */
function keyOf({ query, operationName }: PlainRequest): string {
  return `${operationName?.length ?? ''} ${operationName ?? ''}${query}`;
}

/** Undefined for variables that were not met yet, or are too long to be remembered. */
export function variantOf(question: KnownQuestion, request: PlainRequest): Variant | undefined {
  return question.variants.get(otherVariables(question, request));
}

/** The same, remembered from now on. */
export function learnVariant(question: KnownQuestion, request: PlainRequest): Variant | undefined {
  const others = otherVariables(question, request);
  const known = question.variants.get(others);
  if (known || others.length > LONGEST_VARIABLES) return known;
  const variant = question.lists.map((list) => ({ ...list }));
  question.variants.set(others, variant);
  return variant;
}

/**
 * Keys in another order make another variant, which costs no more than a second reading. Where there are too many, the
 * text is too long to be remembered.
 */
function otherVariables({ lists }: KnownQuestion, { variables }: PlainRequest): string {
  const names = Object.keys(variables);
  if (names.length === lists.length && lists.length === 1 && names[0] === lists[0]?.variable) {
    return '';
  }
  if (names.length > lists.length + MOST_VARIABLES) return TOO_LONG;
  const representations = new Set(lists.map(({ variable }) => variable));
  const others = names.filter((name) => !representations.has(name));
  if (others.length === 0) return '';
  // JSON writes a number that is too large as null.
  const write = (_: string, value: unknown) =>
    value === Infinity || value === -Infinity ? `${value}` : value;
  return JSON.stringify(
    others.map((name) => [name, variables[name]]),
    write,
  );
}
