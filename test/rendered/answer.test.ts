import { describe, expect, test } from '@jest/globals';
import { MachineCache } from '../../src/machines/cache.ts';
import { createAnswer } from '../../src/rendered/answer.ts';
import { createQuestions, learnVariant } from '../../src/rendered/questions.ts';
import { ManualClock } from '../../emulator/manualClock.ts';
import { callerWith, sightingAt, USER_1 } from '../machines/sightings.ts';
import { representations } from './setting.ts';

const alice = callerWith('alice');

/** An answer to a question that weighs so much for each device of a user who has a hundred. */
function openAnswer(valuesOfMachine: number) {
  const clock = new ManualClock();
  const cache = new MachineCache({
    clock,
    maxBytes: 1_000_000,
    ttlMilliseconds: 300_000,
    negativeTtlMilliseconds: 60_000,
    staleMilliseconds: 0,
  });
  const questions = createQuestions();
  const request = (users: number) => ({
    query: '{ any }',
    operationName: undefined,
    variables: { all: representations(...Array<string>(users).fill('user1')) },
  });
  questions.learn(request(1), {
    operation: undefined,
    lists: [{ responseKey: '_entities', variable: 'all' }],
    tellsSource: false,
    weights: { fieldsOfUser: 1, valuesOfMachine },
  });
  const question = questions.recall(request(1));
  const [list] = (question && learnVariant(question, request(1))) ?? [];
  if (!question || !list) throw new Error('not learned');

  const ids = Array.from({ length: 100 }, (_, id) => `${id}`);
  const shelf = cache.hold(alice);
  const kept = cache.keep(shelf, alice, USER_1, sightingAt(clock.now(), ids));
  cache.release(shelf);
  const json = Buffer.from(',{"id":"user1"}');
  cache.keepRendering(alice, USER_1, kept, { question: list, spelling: 'user1', json });

  const answer = createAnswer({
    cache,
    renew: () => {},
    clock,
    maxUsersPerRequest: 5_000,
  });
  return (users: number) => {
    const spellings = Array<string>(users).fill('user1');
    const answered = answer(alice, { question, lists: [{ list, spellings }] });
    return answered && Buffer.concat(answered.parts, answered.byteLength).toString();
  };
}

describe('an answer of renderings', () => {
  test('has all of them under the key of the document', () => {
    expect(openAnswer(1)(2)).toBe('{"data":{"_entities":[{"id":"user1"},{"id":"user1"}]}}');
  });

  test('is not given where the limit of device values could be met', () => {
    const answer = openAnswer(40);
    expect(answer(500)).toBeDefined();
    expect(answer(501)).toBeUndefined();
  });
});
