import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { getOperationAST, parse } from 'graphql';
import { MachineCache } from '../../src/machines/cache.ts';
import { userNameFrom } from '../../src/machines/userName.ts';
import { createLearning } from '../../src/rendered/learning.ts';
import { entitiesQuestion } from '../../src/rendered/question.ts';
import { createQuestions, learnVariant } from '../../src/rendered/questions.ts';
import { createSpellingOf } from '../../src/rendered/spelling.ts';
import { ManualClock } from '../../emulator/manualClock.ts';
import { callerWith, sightingAt } from '../machines/sightings.ts';
import { QUERY } from './asking.ts';
import { representations } from './setting.ts';

const alice = callerWith('alice');
const document = parse(QUERY);
const operation = getOperationAST(document);
const USERS = 100;

/** What is kept of answers to one question, each about a hundred users of its own. */
function openLearning(quiet: () => Promise<void> = setImmediate) {
  const clock = new ManualClock();
  const cache = new MachineCache({
    clock,
    maxBytes: 100_000_000,
    ttlMilliseconds: 300_000,
    negativeTtlMilliseconds: 60_000,
    staleMilliseconds: 0,
  });
  const questions = createQuestions();
  const request = { query: QUERY, operationName: undefined, variables: {} };
  const question = operation && entitiesQuestion(document, operation);
  if (!question) throw new Error('no question');
  const [list] = learnVariant(questions.learn(request, question), request) ?? [];
  const learning = createLearning({
    ...{ questions, cache, userKey: 'id', spellingOf: createSpellingOf('id') },
    quiet,
    log: { error: (fault: unknown) => expect(fault).toBeUndefined() },
  });

  return {
    answer: async (named: string) => {
      const ids = Array.from({ length: USERS }, (_, n) => `${named}${n}`);
      const shelf = cache.hold(alice);
      const sightings = new Map(
        ids.map((id) => {
          const userName = userNameFrom(id);
          return [userName, cache.keep(shelf, alice, userName, sightingAt(clock.now(), [id]))];
        }),
      );
      cache.release(shelf);
      const variables = { representations: representations(...ids) };
      const listener = await learning.requestDidStart?.({
        request: { query: QUERY, variables },
      } as never);
      await listener?.willSendResponse?.({
        ...{ document, operation, contextValue: { sightings, caller: Promise.resolve(alice) } },
        response: { body: { kind: 'single', singleResult: { data: { _entities: ids } } } },
      } as never);
    },
    kept: (named: string): number => {
      const find = list && cache.renderings(alice, list);
      return Array.from({ length: USERS }, (_, n) => find?.(`${named}${n}`)).filter(Boolean).length;
    },
  };
}

test('an answer is kept after it is out, ten users for each turn of the event loop', async () => {
  const { answer, kept } = openLearning();
  await answer('a');
  expect(kept('a')).toBe(0);
  const counts: number[] = [];
  for (let turn = 0; turn < 12; turn += 1) {
    await setImmediate();
    counts.push(kept('a'));
  }
  expect(counts).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100, 100]);
});

test('of answers that come meanwhile, two are kept in turn and all others whole, so that they do not pile up', async () => {
  const { answer, kept } = openLearning();
  const named = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const each of named) await answer(each);
  await setImmediate();
  expect(named.map(kept)).toEqual([10, 10, 100, 100, 100, 100]);
  for (let turn = 0; turn < 9; turn += 1) await setImmediate();
  expect(named.map(kept)).toEqual(named.map(() => 100));
  await answer('g');
  await setImmediate();
  expect(kept('g')).toBe(10);
});

test('nothing is kept before there is time for it', async () => {
  let give = () => {};
  const time = new Promise<void>((resolve) => (give = resolve));
  const learning = openLearning(() => time);
  await learning.answer('a');
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  expect(learning.kept('a')).toBe(0);
  give();
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  expect(learning.kept('a')).toBe(USERS);
});
