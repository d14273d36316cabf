import type { RouteHandlerMethod } from 'fastify';
import { LRUCache } from 'lru-cache';
import { plainRequest } from './request.ts';
import type { Questions } from './questions.ts';

/** The Content-Type that Apollo Server chooses for an Accept header. */
export interface ContentTypes {
  /** Undefined where it was not seen to choose yet. */
  for(accept: string | undefined): string | undefined;
  /** Watches what it chooses in the answers to known questions. */
  learnFrom(ordinary: RouteHandlerMethod): RouteHandlerMethod;
}

const MOST_ACCEPTED = 100;
/** Characters. */
const LONGEST_ACCEPT = 500;

export function createContentTypes(questions: Questions): ContentTypes {
  const chosen = new LRUCache<string, string>({ max: MOST_ACCEPTED });

  return {
    for: (accept = '') => chosen.get(accept),
    learnFrom: (ordinary) =>
      async function (request, reply) {
        const answer: unknown = await ordinary.call(this, request, reply);
        const { accept = '' } = request.headers;
        const { caller, errors } = request.record;
        if (!caller || errors.size > 0) return answer;
        if (reply.statusCode !== 200 || accept.length > LONGEST_ACCEPT || chosen.has(accept)) {
          return answer;
        }
        const plain = plainRequest(request.body);
        const contentType = reply.getHeader('content-type');
        // Others ask with what headers they like, and would push out those that count.
        if (typeof contentType === 'string' && plain && questions.recall(plain)) {
          chosen.set(accept, contentType);
        }
        return answer;
      },
  };
}
