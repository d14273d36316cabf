import { describe, expect, test } from '@jest/globals';
import { MachineCache } from '../../src/machines/cache.ts';
import { createAnswer } from '../../src/rendered/answer.ts';
import { createQuestions, learnVariant } from '../../src/rendered/questions.ts';
import { ManualClock } from '../../emulator/manualClock.ts';
import { callerWith, sightingAt, USER_1, USER_2 } from '../machines/sightings.ts';
import { representations } from './setting.ts';

const alice = callerWith('alice');

/** Answers to a question that weighs so much for each device of two users who have a hundred, one under two spellings. */
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
  const spelled = [
    [USER_1, 'user1'],
    [USER_1, 'USER1@contoso.com'],
    [USER_2, 'user2'],
  ] as const;
  const shelf = cache.hold(alice);
  for (const user of [USER_1, USER_2]) {
    const kept = cache.keep(shelf, alice, user, sightingAt(clock.now(), ids));
    for (const [, spelling] of spelled.filter(([name]) => name === user)) {
      const json = Buffer.from(`,{"id":"${spelling}"}`);
      cache.keepRendering(alice, user, kept, { question: list, spelling, json });
    }
  }
  cache.release(shelf);

  const answer = createAnswer({
    cache,
    renew: () => {},
    clock,
    maxUsersPerRequest: 5_000,
  });
  return (...spellings: string[]) => {
    const answered = answer(alice, { question, lists: [{ list, spellings }] });
    return (
      answered && {
        text: Buffer.concat(answered.parts, answered.byteLength).toString(),
        asks: answered.asks,
        users: answered.users.map(({ userName }) => userName),
      }
    );
  };
}

describe('an answer of renderings', () => {
  test('has all of them under the key of the document', () => {
    expect(openAnswer(1)('user1', 'user2')?.text).toBe(
      '{"data":{"_entities":[{"id":"user1"},{"id":"user2"}]}}',
    );
  });

  test('names each user once, however often and in whatever spelling they are asked for', () => {
    const answer = openAnswer(1);
    const asked = ['user1', 'USER1@contoso.com', 'user2', 'user1', 'user2'];
    for (let time = 0; time < 3; time += 1) {
      expect(answer(...asked)).toMatchObject({ asks: 5, users: [USER_1, USER_2] });
    }
  });

  test('is not given where the limit of device values could be met', () => {
    const answer = openAnswer(40);
    const users = (count: number) => Array<string>(count).fill('user1');
    expect(answer(...users(500))).toBeDefined();
    expect(answer(...users(501))).toBeUndefined();
  });
});
