import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { UserKey } from '../../src/config.ts';
import { createQuestions, learnVariant } from '../../src/rendered/questions.ts';
import { plainRequest } from '../../src/rendered/request.ts';
import { createSpellingOf } from '../../src/rendered/spelling.ts';
import { createTemplates } from '../../src/rendered/template.ts';
import { readPlainJson } from '../../src/server/jsonBody.ts';

const QUERY = 'query ($representations: [_Any!]!) { _entities }';

function open(userKey: UserKey = 'id', responseKeys: readonly string[] = ['representations']) {
  const questions = createQuestions();
  const know = (text: string) => {
    const request = plainRequest(readPlainJson(text));
    if (!request) throw new Error('not a request');
    const lists = responseKeys.map((variable) => ({ responseKey: variable, variable }));
    const question =
      questions.recall(request) ??
      questions.learn(request, {
        ...{ operation: undefined, lists, tellsSource: false },
        weights: { fieldsOfUser: 1, valuesOfMachine: 1 },
      });
    learnVariant(question, request);
  };
  const spellingOf = createSpellingOf(userKey);
  const templates = createTemplates({ questions, spellingOf, readJson: readPlainJson });
  return {
    ...templates,
    /** As after an answer to it. */
    learnFrom(text: string) {
      know(text);
      templates.learn(text);
    },
    know,
  };
}

const NONE = { list: undefined, spellings: [] };

const users = (...ids: string[]) => ids.map((id) => ({ __typename: 'User', id }));
const bodyOf = (representations: unknown, others: object = {}) =>
  JSON.stringify({ query: QUERY, variables: { ...others, representations } });

describe('a template', () => {
  test.each([1, 2, 5])('learned from %i users reads any number of others', (count) => {
    const templates = open();
    templates.learnFrom(bodyOf(users(...Array.from({ length: count }, (_, n) => `user${n}`))));
    for (const ids of [['a@b.c'], ['user0', 'User'], ['x', 'y', 'x', 'probe-1']]) {
      const text = bodyOf(users(...ids));
      expect(templates.read(text)?.lists[0]?.spellings).toEqual(ids);
      expect(templates.parse(text)?.lists[0]?.spellings).toEqual(ids);
    }
  });

  test.each<[string, string]>([
    ['of which the key stands elsewhere too', bodyOf([{ __typename: 'User', id: 'User' }])],
    ['with white space in it', bodyOf(users('user1')).replaceAll(':[', ': [')],
    ['whose other variable has a list of objects', bodyOf(users('user1'), { a: users('user1') })],
    [
      'whose other list is like its own',
      `{"query":"${QUERY}","variables":{"a":[{"__typename":"User","id":"user1"}],` +
        `"representations":[ {"__typename":"User","id":"user1"} ]}}`,
    ],
    [
      'whose query is behind its variables, and ends like a list',
      JSON.stringify({ variables: { representations: users('user1') }, query: `${QUERY} # }]` }),
    ],
    ['that the ordinary parser must judge', bodyOf([{ ...users('user1')[0], constructor: 1 }])],
  ])('is not made of a body %s', (_, text) => {
    const templates = open();
    templates.know(bodyOf(users('user1')));
    if (readPlainJson(text)) templates.know(text);
    templates.learn(text);
    expect(templates.read(text)).toBeUndefined();
    expect(templates.read(text.replaceAll('user1', 'user2'))).toBeUndefined();
  });

  test('is not made of a body that is long without its users, or around each of them', () => {
    const long = bodyOf(users('user1'), { a: 'x'.repeat(900) }).replace(
      QUERY,
      QUERY.padEnd(20_000),
    );
    const around = bodyOf([{ ...users('user1')[0], x: 'x'.repeat(300) }]);
    for (const text of [long, around]) {
      const templates = open();
      templates.learnFrom(text);
      expect(templates.parse(text)?.lists).toHaveLength(1);
      expect(templates.read(text)).toBeUndefined();
    }
  });

  test('is not made where two keys are one spelling, or a question has two lists', () => {
    const both = open('id-requires-upn');
    const text = bodyOf([{ __typename: 'User', id: 'a', userPrincipalName: 'b' }]);
    both.learnFrom(text);
    expect(both.parse(text)?.lists[0]?.spellings).toEqual(['1 a b']);
    expect(both.read(text)).toBeUndefined();

    const two = open('id', ['representations', 'more']);
    const lists = bodyOf(users('user1'), { more: users('user2') });
    two.learnFrom(lists);
    expect(two.parse(lists)?.lists).toHaveLength(2);
    expect(two.read(lists)).toBeUndefined();
  });

  test('is not read where what stands before a key and after it overlaps', () => {
    const templates = open();
    const text = bodyOf(users('user1'));
    templates.learnFrom(text);
    expect(templates.read(text.replace('user1"', ''))).toBeUndefined();
  });

  test('is not read for another question or other variables', () => {
    const templates = open();
    templates.learnFrom(bodyOf(users('user1'), { first: 1 }));
    expect(templates.read(bodyOf(users('user2'), { first: 1 }))).toBeDefined();
    expect(templates.read(bodyOf(users('user2'), { first: 2 }))).toBeUndefined();
    const another = bodyOf(users('user2'), { first: 1 }).replace('_entities', '_entities ');
    expect(templates.read(another)).toBeUndefined();
  });

  test('is read in turn with others that begin or end like it', () => {
    const templates = open();
    const bodies = (id: string) => [
      bodyOf(users(id)),
      bodyOf(users(id), { first: 1 }),
      `${bodyOf(users(id))} `,
      `${bodyOf(users(id), { first: 1 })} `,
    ];
    for (const text of bodies('user1')) templates.learnFrom(text);
    const questions = bodies('user1').map((text) => templates.parse(text)?.lists[0]?.list);
    expect(new Set(questions).size).toBe(2);
    for (const index of [0, 1, 2, 3, 0, 2, 1, 3, 3, 0]) {
      const read = templates.read(bodies('user2')[index] ?? '');
      expect(read?.lists).toEqual([{ list: questions[index], spellings: ['user2'] }]);
      expect(read?.lists[0]?.list).toBe(questions[index]);
      expect(templates.read(bodies('')[index]?.replace(/\[.*\]/, '[]') ?? '')).toBeUndefined();
    }
  });

  test('reads nothing that parsing would read otherwise, whatever stands between', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'user1',
        'User',
        'id',
        '__typename',
        'probe-1',
        'a"b',
        'a\\b',
        'é',
        '},{',
        '"}]',
      ),
      fc.string({ maxLength: 6 }),
    );
    const representation = fc.oneof(
      { weight: 8, arbitrary: word.map((id) => ({ __typename: 'User', id })) },
      { weight: 2, arbitrary: word.map((id) => ({ id, __typename: 'User' })) },
      {
        weight: 1,
        arbitrary: fc.tuple(word, word).map(([id, x]) => ({ __typename: 'User', id, x })),
      },
      { weight: 1, arbitrary: fc.jsonValue() },
    );
    const others = fc.oneof(
      { weight: 4, arbitrary: fc.constant({}) },
      fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(fc.jsonValue(), fc.array(representation))),
    );
    const body = fc
      .record({
        list: fc.array(representation, { minLength: 1, maxLength: 4 }),
        others,
        last: fc.boolean(),
      })
      .map(({ list, others: more, last }) => {
        const variables = last
          ? { ...more, representations: list }
          : { representations: list, ...more };
        return JSON.stringify({ query: QUERY, variables });
      });
    /** What a client may change in a body: a key, or any part of the text. */
    const change = fc.record({ from: word, to: word, isRaw: fc.boolean() });
    const isPlain = createSpellingOf('id');
    let read = 0;
    const property = fc.property(body, fc.array(change, { maxLength: 3 }), (learned, changes) => {
      fc.pre(readPlainJson(learned) !== undefined);
      const templates = open();
      templates.know(learned);
      templates.learn(learned);
      for (const { from, to, isRaw } of [{ from: '', to: '', isRaw: true }, ...changes]) {
        const written = isRaw ? to : JSON.stringify(to).slice(1, -1);
        const text = from === '' ? learned : learned.replaceAll(`"${from}"`, `"${written}"`);
        const asked = templates.read(text);
        const [{ list, spellings } = NONE] = asked?.lists ?? [];
        // Any other key has no rendering.
        if (!asked || !spellings.every((id) => isPlain({ __typename: 'User', id }))) continue;
        read += 1;
        const parsed = templates.parse(text);
        expect(parsed?.question).toBe(asked.question);
        expect(parsed?.lists).toHaveLength(1);
        expect(parsed?.lists[0]?.list).toBe(list);
        expect(parsed?.lists[0]?.spellings).toEqual(spellings);
      }
    });
    fc.assert(property, { numRuns: 3_000 });
    expect(read).toBeGreaterThan(1_000);
  });
});
