import { LRUCache } from 'lru-cache';
import { apart } from './apart.ts';
import type { EntityList } from './question.ts';
import { keyOf, variantOf, type KnownQuestion, type Questions } from './questions.ts';
import { createRecentKeys } from './recentKeys.ts';
import { plainRequest, type PlainRequest } from './request.ts';

/** The entities that one list of a question asks for. */
interface AskedList {
  readonly list: EntityList;
  /** Undefined for a representation that is not just as a router writes it. */
  readonly spellings: readonly (string | undefined)[];
}

export interface Asked {
  readonly question: KnownQuestion;
  readonly lists: readonly AskedList[];
}

/** The text of a body around the keys of its users, which is the same each time that a client asks the same question. */
interface Template {
  /** Up to the opening of the first representation, and from the closing of the last one. */
  readonly head: string;
  readonly tail: string;
  /** The request without its representations, and the key of its question. */
  readonly request: PlainRequest;
  readonly key: string;
  /** From the opening of the first representation to its key, from key to key, and from the last key to the end. */
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

export interface TemplateOptions {
  readonly questions: Questions;
  readonly spellingOf: (representation: unknown) => string | undefined;
  readonly readJson: (text: string) => unknown;
}

/** Reads bodies, without parsing those that are written like one before. */
export interface Templates {
  /** What a body asks that is written like one before, but for the keys; undefined for any other. */
  read(text: string): Asked | undefined;
  /** Reads by parsing. */
  parse(text: string): Asked | undefined;
  /** From now on, what is written like this is read. */
  learn(text: string): void;
}

/** Of all templates together; one takes one byte, or two. */
const MOST_CHARACTERS = 1_000_000;
/** Characters of a name, which is a body's head and tail: all of it but the representations. */
const LONGEST_NAME = 20_000;
/** Characters around a key. Routers write some thirty; a long text is slow to look for. */
const LONGEST_AROUND = 256;
const OPENING = ':[{';
const CLOSING = '}]';
const NEXT = '},{';
/** Keys that stand for all others. */
const PROBES = ['probe-1', 'probe-2'];

/**
 * Parsing a hundred representations takes as long as all else that an answer from memory needs. A template has proven
 * itself with two probes: where the text around them is read as the same question for those two, any other keys in their
 * place are read as they stand, as long as none of their characters is written in another way in JSON. Only such keys
 * have renderings (see `createSpellingOf`), so that no other is ever found. For one list whose key is one text: what has
 * several lists, or `USER_KEY=id-requires-upn`, is parsed each time.
 */
export function createTemplates({ questions, spellingOf, readJson }: TemplateOptions): Templates {
  const templates = new LRUCache<string, Template | typeof NONE>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: sizeOf,
  });

  const parse = (text: string) => {
    const request = plainRequest(readJson(text));
    const question = request && questions.recall(request);
    return question && askedIn(question, request);
  };

  const askedIn = (question: KnownQuestion, request: PlainRequest) => {
    const variant = variantOf(question, request);
    const lists = variant?.map((list) => {
      const representations = request.variables[list.variable];
      return {
        list,
        spellings: Array.isArray(representations) ? representations.map(spellingOf) : [],
      };
    });
    return lists && { question, request, lists };
  };

  const learned = (text: string, { head, region, tail }: Parts): Template | typeof NONE => {
    const asked = parse(text);
    const [first] = asked?.lists ?? [];
    const [spelling] = first?.spellings ?? [];
    if (!first || spelling === undefined) return NONE;
    const [entity = ''] = region.split(NEXT, 1);
    const at = entity.indexOf(`"${spelling}"`) + 1;
    if (at === 0) return NONE;
    const before = apart(entity.slice(0, at));
    const after = apart(entity.slice(at + spelling.length));
    if (before.length + after.length > LONGEST_AROUND) return NONE;
    const between = `${after}${NEXT}${before}`;
    const probed = parse(`${head}${before}${PROBES.join(between)}${after}${tail}`);
    if (!asked || !isSame(probed, asked)) return NONE;
    const { [first.list.variable]: _, ...variables } = asked.request.variables;
    const request = { ...asked.request, variables };
    const key = apart(keyOf(request));
    return { head: apart(head), tail: apart(tail), request, key, before, between, after };
  };

  const keysIn = createRecentKeys();
  let latest: Template | undefined;
  const templateOf = (text: string) => {
    // What comes next is most often the same for other users; the names of templates are long to look up.
    if (latest && isLike(text, latest)) return latest;
    const parts = partsOf(text);
    const template = parts && templates.get(parts.head + parts.tail);
    if (!template || template === NONE) return undefined;
    latest = template;
    return template;
  };

  return {
    parse,
    read(text) {
      const template = templateOf(text);
      if (!template) return undefined;
      const { head, tail, request, key, before, between, after } = template;
      const end = text.length - tail.length;
      if (!text.startsWith(before, head.length) || !text.endsWith(after, end)) return undefined;
      const from = head.length + before.length;
      const to = end - after.length;
      if (to < from) return undefined;
      const question = questions.recallBy(key);
      const [list] = (question && variantOf(question, request)) ?? [];
      if (!question || !list) return undefined;
      return { question, lists: [{ list, spellings: keysIn(text, { from, to, between }) }] };
    },
    learn(text) {
      const parts = partsOf(text);
      if (!parts) return;
      const name = parts.head + parts.tail;
      if (name.length > LONGEST_NAME || templates.has(name)) return;
      templates.set(apart(name), learned(text, parts));
    },
  };
}

/** Of a text that makes no template. */
const NONE = 'none';

interface Parts {
  readonly head: string;
  readonly region: string;
  readonly tail: string;
}

/** Cut where the first list of objects opens, and where the last one closes. */
function partsOf(text: string): Parts | undefined {
  const from = text.indexOf(OPENING) + OPENING.length;
  const to = text.lastIndexOf(CLOSING);
  if (from < OPENING.length || to < from) return undefined;
  return { head: text.slice(0, from), region: text.slice(from, to), tail: text.slice(to) };
}

/** Whether it would be cut into the same head and tail: neither holds another place to cut at. */
function isLike(text: string, { head, tail }: Template): boolean {
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

/** In characters: the name is there four times, as itself, as head and tail, as the request, and as the key of that. */
function sizeOf(template: Template | typeof NONE, name: string): number {
  if (template === NONE) return name.length;
  const { before, between, after } = template;
  return 4 * name.length + before.length + between.length + after.length;
}

/** Whether both ask the same of one list, and one of them for the probes. */
function isSame(probed: Asked | undefined, asked: Asked): boolean {
  const [list, ...others] = probed?.lists ?? [];
  return (
    probed?.question === asked.question &&
    list !== undefined &&
    others.length === 0 &&
    list.list === asked.lists[0]?.list &&
    list.spellings.join() === PROBES.join()
  );
}
