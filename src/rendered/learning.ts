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
import { entitiesQuestion } from './question.ts';
import { learnVariant, type KnownQuestion, type Questions } from './questions.ts';
import { plainRequest, type PlainRequest } from './request.ts';
import { unharmed } from './unharmed.ts';

export interface LearningOptions {
  readonly questions: Questions;
  readonly cache: MachineCache;
  readonly userKey: UserKey;
  readonly log: Pick<Log, 'error'>;
  readonly spellingOf: (representation: unknown) => string | undefined;
}

/**
 * Learns from the ordinary road: which questions are whole and good, and what it answers of each user. A question that
 * is met for the first time is only noted, so that documents which never come again cost nothing.
 */
export function createLearning(options: LearningOptions): ApolloServerPlugin<Context> {
  const { questions, cache, userKey, spellingOf, log } = options;

  return {
    async requestDidStart({ request }) {
      const plain = plainRequest(request);
      if (!plain) return undefined;
      return {
        async willSendResponse({ response: { body }, contextValue, document, operation }) {
          if (body.kind !== 'single' || !document || !operation) return;
          const { data, errors, extensions } = body.singleResult;
          if (!data || errors || extensions) return;
          // From an answer with devices alone, which takes a token that Defender has let through.
          if (contextValue.sightings.size === 0) return;
          const caller = await contextValue.caller.catch(() => undefined);
          const question = caller && questionIn(plain, document, operation);
          if (!question) return;
          // The answer goes out first.
          setImmediate(() => {
            unharmed(log, () => keep(question, plain, data, contextValue, caller));
          });
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

  function keep(
    question: KnownQuestion,
    request: PlainRequest,
    data: Readonly<Record<string, unknown>>,
    { sightings }: Context,
    caller: Caller,
  ): void {
    const variant = learnVariant(question, request);
    if (!variant) return;

    for (const list of variant) {
      const find = cache.renderings(caller, list);
      const { responseKey, variable } = list;
      const representations = request.variables[variable];
      const entities = data[responseKey];
      if (!Array.isArray(representations) || !Array.isArray(entities)) return;
      representations.forEach((representation, index) => {
        const spelling = spellingOf(representation);
        if (spelling === undefined || find(spelling)) return;
        const { account } = userByReference(representation, userKey);
        if (account instanceof Failure) return;
        const sighting = sightings.get(account);
        if (!sighting || !isTrueLater(sighting, question)) return;
        const json = unpooled(`,${JSON.stringify(entities[index])}`);
        cache.keepRendering(caller, account, sighting, { question: list, spelling, json });
      });
    }
  }
}

/** An answer that says LIVE is true once, and one that says STALE for a moment. */
function isTrueLater({ source }: Sighting, { tellsSource }: KnownQuestion): boolean {
  return source === 'CACHE' || (source === 'LIVE' && !tellsSource);
}

/** In memory of its own: a slice of a pool that others share would keep all of it alive. */
function unpooled(text: string): Buffer {
  const buffer = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  buffer.write(text);
  return buffer;
}
