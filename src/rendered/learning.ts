import { setImmediate } from 'node:timers/promises';
import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { Caller } from '../auth/caller.ts';
import type { UserKey } from '../config.ts';
import { Failure } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { userByReference } from '../graphql/user.ts';
import type { MachineCache } from '../machines/cache.ts';
import type { Sighting } from '../machines/sighting.ts';
import type { Log } from '../telemetry/log.ts';
import { entitiesQuestion, type EntityList } from './question.ts';
import { learnVariant, type KnownQuestion, type Questions } from './questions.ts';
import { plainRequest, type PlainRequest } from './request.ts';
import { unharmed } from './unharmed.ts';

export interface LearningOptions {
  readonly questions: Questions;
  readonly cache: MachineCache;
  readonly userKey: UserKey;
  readonly log: Pick<Log, 'error'>;
  readonly spellingOf: (representation: unknown) => string | undefined;
  /** Waits a little, before what was answered is kept: see `quiet`. */
  readonly quiet: () => Promise<void>;
}

/** Entities that are kept before others have their turn, whose requests would wait for a large answer to be kept whole. */
const AT_A_TIME = 10;
/**
 * Answers that are kept so at any time. Each of them is held until it is kept, so that one more is kept whole. Beside those
 * that wait in `quiet`, which are as many as are answered in that time.
 */
const MOST_IN_TURN = 2;

/**
 * Learns from the ordinary road: which questions are whole and good, and what it answers of each user. A question that
 * is met for the first time is only noted, so that documents which never come again cost nothing.
 */
export function createLearning(options: LearningOptions): ApolloServerPlugin<Context> {
  const { questions, cache, userKey, spellingOf, quiet, log } = options;
  let inTurn = 0;

  return {
    async requestDidStart({ request }) {
      const plain = plainRequest(request);
      if (!plain) return undefined;
      return {
        async willSendResponse({ response: { body }, contextValue, document, operation }) {
          if (body.kind !== 'single' || !document || !operation) return;
          const { data, errors, extensions } = body.singleResult;
          if (!data || errors || extensions) return;
          // Only where a user was looked up, which takes a token that Defender has let through.
          if (contextValue.sightings.size === 0) return;
          const caller = await contextValue.caller.catch(() => undefined);
          const question = caller && questionIn(plain, document, operation);
          if (!question) return;
          void keepInTurn(question, plain, data, contextValue, caller);
        },
      };
    },
  };

  function questionIn(
    request: PlainRequest,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): KnownQuestion | undefined {
    const known = questions.recall(request);
    if (known || !questions.isMetAgain(request)) return known;
    const question = entitiesQuestion(document, operation);
    return question && questions.learn(request, question);
  }

  async function keepInTurn(
    question: KnownQuestion,
    request: PlainRequest,
    data: Readonly<Record<string, unknown>>,
    { sightings }: Context,
    caller: Caller,
  ): Promise<void> {
    await quiet();
    const places =
      unharmed(log, () =>
        learnVariant(question, request)?.flatMap((list) => placesOf(list, request, data)),
      ) ?? [];
    const count = inTurn < MOST_IN_TURN ? AT_A_TIME : places.length;
    inTurn += 1;
    for (let from = 0; from < places.length; from += count) {
      if (from > 0) await setImmediate();
      const some = places.slice(from, from + count);
      unharmed(log, () => {
        for (const place of some) keep(place, question, sightings, caller);
      });
    }
    inTurn -= 1;
  }

  function keep(
    { list, representation, entity }: Place,
    question: KnownQuestion,
    sightings: Context['sightings'],
    caller: Caller,
  ): void {
    const spelling = spellingOf(representation);
    if (spelling === undefined || cache.renderings(caller, list)(spelling)) return;
    const { account } = userByReference(representation, userKey);
    if (account instanceof Failure) return;
    const sighting = sightings.get(account);
    if (!sighting || !isTrueLater(sighting, question)) return;
    const json = afterComma(JSON.stringify(entity));
    cache.keepRendering(caller, account, sighting, { question: list, spelling, json });
  }
}

/** One entity of an answer, and what it was asked by. */
interface Place {
  readonly list: EntityList;
  readonly representation: Readonly<Record<string, unknown>>;
  readonly entity: unknown;
}

function placesOf(
  list: EntityList,
  { variables }: PlainRequest,
  data: Readonly<Record<string, unknown>>,
): Place[] {
  const representations = variables[list.variable];
  const entities = data[list.responseKey];
  if (!Array.isArray(representations) || !Array.isArray(entities)) return [];
  return entities.map((entity, index) => ({
    list,
    representation: representations[index],
    entity,
  }));
}

/** An answer that says LIVE is true once, and one that says STALE for a moment. */
function isTrueLater({ source }: Sighting, { tellsSource }: KnownQuestion): boolean {
  return source === 'CACHE' || (source === 'LIVE' && !tellsSource);
}

const COMMA = 0x2c;

/** In memory of its own: a slice of a pool that others share would keep all of it alive. */
function afterComma(text: string): Buffer {
  const buffer = Buffer.allocUnsafeSlow(1 + Buffer.byteLength(text));
  buffer[0] = COMMA;
  buffer.write(text, 1);
  return buffer;
}
