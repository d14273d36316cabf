import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestListener } from 'node:http';
import type { RouteHandlerMethod } from 'fastify';
import type { Recognize } from '../auth/caller.ts';
import type { Clock } from '../clock.ts';
import type { UserKey } from '../config.ts';
import type { Context } from '../graphql/context.ts';
import type { MachineCache } from '../machines/cache.ts';
import type { Renew } from '../machines/renewal.ts';
import { createAnswer } from './answer.ts';
import { createContentTypes } from './contentTypes.ts';
import { createFront, type FrontOptions } from './front.ts';
import { createLearning, type LearningOptions } from './learning.ts';
import { createQuestions } from './questions.ts';
import { createSpellingOf } from './spelling.ts';
import { createTemplates, type TemplateOptions } from './template.ts';

export interface RenderedOptions
  extends
    Pick<FrontOptions, 'recorder' | 'isLetIn' | 'headers' | 'log'>,
    Pick<TemplateOptions, 'readJson'>,
    Pick<LearningOptions, 'quiet'> {
  readonly recognize: Recognize;
  readonly cache: MachineCache;
  readonly renew: Renew;
  readonly clock: Clock;
  readonly userKey: UserKey;
  readonly maxUsersPerRequest: number;
}

export interface Rendered {
  readonly plugin: ApolloServerPlugin<Context>;
  /** Put before all listeners of the HTTP server. */
  readonly front: (next: RequestListener) => RequestListener;
  /** Put around the handler of GraphQL. */
  readonly around: (ordinary: RouteHandlerMethod) => RouteHandlerMethod;
}

/**
 * A router asks the same question over and over for different users, and what a cached user looks like under it does
 * not change. So the JSON that the ordinary road (Fastify, Apollo Server, the resolvers) made of each user is kept beside
 * what is cached of that user, and an answer is joined from it: when the sighting is renewed, expires or is forgotten,
 * its renderings go with it.
 */
export function createRendered(options: RenderedOptions): Rendered {
  const questions = createQuestions();
  const contentTypes = createContentTypes(questions);
  const spellingOf = createSpellingOf(options.userKey);
  const templates = createTemplates({ ...options, questions, spellingOf });
  const shared = { ...options, questions, contentTypes, spellingOf, templates };
  const answer = createAnswer(shared);
  return {
    plugin: createLearning(shared),
    front: createFront({ ...shared, answer }),
    around: (ordinary) => contentTypes.learnFrom(ordinary),
  };
}
