import { describe, expect, test } from '@jest/globals';
import { createQuestions, learnVariant, variantOf } from '../../src/rendered/questions.ts';

const asked = (others: object, operationName?: string, query = '{ any }') => ({
  query,
  operationName,
  variables: { all: [], ...others },
});

const QUESTION = {
  operation: undefined,
  lists: [{ responseKey: '_entities', variable: 'all' }],
  tellsSource: false,
  weights: { fieldsOfUser: 1, valuesOfMachine: 1 },
};

function openQuestion() {
  const questions = createQuestions();
  questions.learn(asked({}), QUESTION);
  const question = questions.recall(asked({}));
  if (!question) throw new Error('not learned');
  return { questions, question };
}

const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

describe('the variables of a question', () => {
  test('are one variant as long as they are the same', () => {
    const { question } = openQuestion();
    const variant = learnVariant(question, asked({ first: 1 }));
    expect(variant).toBeDefined();
    expect(variantOf(question, asked({ first: 1 }))).toBe(variant);
    expect(variantOf(question, asked({ first: 2 }))).toBeUndefined();
    expect(variantOf(question, asked({}))).toBeUndefined();
  });

  test.each([
    ['a number that JSON can only write as null', { first: Infinity }],
    ['one deep inside', { filter: { list: [-Infinity] } }],
    ['too much text', { filter: 'x'.repeat(1_001) }],
    ['more lists in each other than JSON can write', { deep: nested(100_000) }],
    ['too many of them', Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`v${n}`, 0]))],
  ])('are not remembered with %s', (_, others) => {
    const { question } = openQuestion();
    learnVariant(question, asked({ first: null }));
    expect(learnVariant(question, asked(others))).toBeUndefined();
    expect(variantOf(question, asked(others))).toBeUndefined();
  });

  test('belong to the operation that was named, and an empty name is none of them', () => {
    const { questions } = openQuestion();
    expect(questions.recall(asked({}))).toBeDefined();
    expect(questions.recall(asked({}, ''))).toBeUndefined();
    expect(questions.recall(asked({}, 'Other'))).toBeUndefined();
  });
});

test.each([
  [99_000, true],
  [101_000, false],
])('a document of %i characters is remembered: %p', (characters, isRemembered) => {
  const { questions } = openQuestion();
  const long = asked({}, undefined, 'x'.repeat(characters));
  expect(questions.isMetAgain(long)).toBe(false);
  expect(questions.isMetAgain(long)).toBe(isRemembered);
  questions.learn(long, QUESTION);
  expect(questions.recall(long) !== undefined).toBe(isRemembered);
});
