import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { createDocuments } from '../../src/graphql/documents.ts';
import { createSchema } from '../../src/graphql/schema.ts';

const { schema } = createSchema('id');
const MOST_TOKENS = 50;
const hashOf = (source: string) => createHash('sha256').update(source).digest('hex');
/** As Apollo Server names a document to its store. */
const keyOf = (source: string) => `schema-hash:${hashOf(source)}`;

/** Tells of documents as Apollo Server does, before it asks the store for them. */
function open() {
  const { store, plugin } = createDocuments(MOST_TOKENS);
  const meet = async (source: string) => {
    const listener = await plugin.requestDidStart?.({} as never);
    await listener?.didResolveSource?.({ source, queryHash: hashOf(source), schema } as never);
    return store.get(keyOf(source));
  };
  return { store, meet };
}

describe('a document that was never seen before', () => {
  test('is there when Apollo Server asks for it, once, and stays when it comes again', async () => {
    const { store, meet } = open();
    const source = 'query A { __typename }';
    const met = await meet(source);
    expect(met).toEqual(parse(source));
    expect(await store.get(keyOf(source))).toBeUndefined();
    const again = await meet(source);
    expect(again).toEqual(met);
    expect(again).not.toBe(met);
    expect(await meet(source)).toBe(again);
    expect(await store.get(keyOf(source))).toBe(again);
    expect(await store.get(keyOf('query B { __typename }'))).toBeUndefined();
  });

  test.each([
    ['is no document', '{ a'],
    ['is not valid', '{ nothing }'],
    ['is longer than what routers send', `{ __typename ${' '.repeat(4_000)} }`],
    ['has more tokens than one may', `{ ${'__typename '.repeat(MOST_TOKENS)} }`],
    [
      'has fragments, whose number Apollo Server judges',
      '{ ...A } fragment A on Query { __typename }',
    ],
  ])('is not if it %s', async (_, source) => {
    const { meet } = open();
    expect(await meet(source)).toBeUndefined();
  });
});

test('what Apollo Server itself has found valid twice is kept for it, and those asked for least lately make room', async () => {
  const { store } = open();
  const source = '{ ...A } fragment A on Query { __typename }';
  await store.set(keyOf(source), parse(source));
  expect(await store.get(keyOf(source))).toBeUndefined();
  await store.set(keyOf(source), parse(source));
  expect(await store.get(keyOf(source))).toEqual(parse(source));
  for (let n = 0; n < 2_500; n += 1) {
    for (let time = 0; time < 2; time += 1) await store.set(keyOf(`${n}`), parse('{ a }'));
  }
  expect(await store.get(keyOf(source))).toBeUndefined();
  await store.delete(keyOf('2499'));
  expect(await store.get(keyOf('2499'))).toBeUndefined();
  expect(await store.get(keyOf('2498'))).toBeDefined();
});
