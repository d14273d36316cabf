import type { FastifyRequest, RouteHandlerMethod } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Authenticate } from '../auth/caller.ts';
import type { Answer, RenderedAnswer } from './answer.ts';
import type { Questions } from './questions.ts';
import { plainRequest } from './request.ts';
import { createSlabs } from './slab.ts';

export interface HandlerOptions {
  readonly authenticate: Authenticate;
  readonly questions: Questions;
  readonly answer: Answer;
}

const MOST_ACCEPTED = 100;
/** Characters. */
const LONGEST_ACCEPT = 500;

/**
 * Answers ahead of Apollo Server what it has answered before, and hands all else to it. What the pipeline does for such
 * a request is done here or was done there: JSON in the body rules out forged cross-site requests, the document has
 * passed the parser, validation and limits, and the Content-Type is the one that it chose for the same Accept.
 */
export function createRenderedHandler(
  ordinary: RouteHandlerMethod,
  { authenticate, questions, answer }: HandlerOptions,
): RouteHandlerMethod {
  const slabs = createSlabs();
  const contentTypes = new LRUCache<string, string>({ max: MOST_ACCEPTED });

  const rendered = async ({
    body,
    headers,
    record,
  }: FastifyRequest): Promise<RenderedAnswer | undefined> => {
    const request = plainRequest(body);
    const question = request && questions.recall(request);
    if (!question) return undefined;
    // Who can't be made out is told so by the ordinary road.
    const caller = await authenticate(headers.authorization).catch(() => undefined);
    if (!caller || (caller.isAdmitted && !caller.isAdmitted())) return undefined;
    return answer(caller, question, request, record);
  };

  return async function (request, reply) {
    const { accept = '' } = request.headers;
    if (!isPlain(request)) return ordinary.call(this, request, reply);
    const contentType = contentTypes.get(accept);
    const answered = contentType === undefined ? undefined : await rendered(request);
    if (contentType !== undefined && answered) {
      const { body, giveBack, letGo } = slabs.join(answered.parts, answered.byteLength);
      reply.raw.once('finish', giveBack).once('close', letGo);
      return reply
        .header('cache-control', answered.cacheControl)
        .header('content-type', contentType)
        .send(body);
    }
    const body: unknown = await ordinary.call(this, request, reply);
    const chosen = reply.getHeader('content-type');
    if (reply.statusCode === 200 && typeof chosen === 'string' && accept.length <= LONGEST_ACCEPT) {
      contentTypes.set(accept, chosen);
    }
    return body;
  };
}

/** A trace is made by the pipeline. */
function isPlain({ method, headers }: FastifyRequest): boolean {
  return method === 'POST' && headers['apollo-federation-include-trace'] === undefined;
}
