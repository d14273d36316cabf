import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Authenticated, Recognize } from '../auth/caller.ts';
import { recordUntilClose } from '../telemetry/httpRecord.ts';
import type { Recorder } from '../telemetry/recorder.ts';
import type { Log } from '../telemetry/log.ts';
import { tell, type Answer, type RenderedAnswer } from './answer.ts';
import type { ContentTypes } from './contentTypes.ts';
import { createSlabs } from './slab.ts';
import type { Asked, Templates } from './template.ts';
import { unharmed } from './unharmed.ts';

export interface FrontOptions {
  readonly recognize: Recognize;
  readonly templates: Templates;
  readonly contentTypes: ContentTypes;
  readonly answer: Answer;
  readonly recorder: Recorder;
  /** Whether the HTTP server would let this request in at the moment, by what can be told without its body. */
  readonly isLetIn: (request: IncomingMessage) => boolean;
  readonly log: Pick<Log, 'error'>;
  /** What goes out with each answer, as name, value, name, value. */
  readonly headers: readonly string[];
}

/** Bytes. A request for more users than a router asks for at once has time for the whole road. */
const LONGEST_BODY = 262_144;
const ROUTE = '/graphql';
const JSON_TYPE = /^application\/json(; ?charset=utf-8)?$/i;
/** Of requests that are not as routers send them. */
const UNUSUAL = ['origin', 'expect', 'content-encoding', 'apollo-federation-include-trace'];

/**
 * Answers ahead of Fastify and Apollo Server what they have answered before, and hands all else to them as if nothing
 * had been read. What they do for such a request is done here or was done there: JSON in the body rules out forged
 * cross-site requests, the document has passed the parser, validation and limits, and the Content-Type is the one that
 * was chosen for the same Accept. It is a quarter of the time that the same takes in a handler behind both.
 */
export function createFront(options: FrontOptions): (next: RequestListener) => RequestListener {
  const { recognize, templates, contentTypes, answer, recorder, isLetIn, log } = options;
  const slabs = createSlabs();

  const respond = (
    { headers, socket }: IncomingMessage,
    response: ServerResponse,
    contentType: string,
    { caller, asked, answered }: Known,
  ): void => {
    const address = socket.remoteAddress ?? '';
    const recording = recorder({ method: 'POST', headers, address, route: ROUTE });
    tell(recording.record, caller, asked.question, answered);
    recordUntilClose(response, recording);
    const { body, giveBack, letGo } = slabs.join(answered.parts, answered.byteLength);
    response.once('finish', giveBack).once('close', letGo);
    response.writeHead(200, [
      ...options.headers,
      ...['x-request-id', recording.record.id],
      ...['cache-control', answered.cacheControl],
      ...['content-type', contentType],
      ...['content-length', String(answered.byteLength)],
    ]);
    response.end(body);
  };

  const known = (body: Buffer, authorization: string | undefined): Known | undefined => {
    const text = body.toString();
    const read = templates.read(text);
    const asked = read ?? templates.parse(text);
    const caller = asked && recognize(authorization);
    const answered = caller && answer(caller, asked);
    if (answered && !read) templates.learn(text);
    return answered && { caller, asked, answered };
  };

  return (next) => (request, response) => {
    const { headers } = request;
    const contentType = isUsual(request) ? contentTypes.for(headers.accept) : undefined;
    if (contentType === undefined || !isLetIn(request)) {
      next(request, response);
      return;
    }
    onBody(request, Number(headers['content-length']), (body) => {
      const found = unharmed(log, () => known(body, headers.authorization));
      if (found) {
        respond(request, response, contentType, found);
        return;
      }
      request.pause();
      request.unshift(body);
      next(request, response);
    });
  };
}

interface Known {
  readonly caller: Authenticated;
  readonly asked: Asked;
  readonly answered: RenderedAnswer;
}

function isUsual({ method, url, headers }: IncomingMessage): boolean {
  if (method !== 'POST' || url !== ROUTE) return false;
  const length = Number(headers['content-length'] ?? 0);
  if (!(length > 0 && length <= LONGEST_BODY)) return false;
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) return false;
  return UNUSUAL.every((name) => headers[name] === undefined);
}

/** Calls `then` in the same moment as the last byte comes: before the stream ends, so that it can be put back. */
function onBody(request: IncomingMessage, bytes: number, then: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let left = bytes;
  const onData = (chunk: Buffer) => {
    chunks.push(chunk);
    left -= chunk.byteLength;
    if (left > 0) return;
    request.off('data', onData);
    then(chunks.length === 1 ? chunk : Buffer.concat(chunks, bytes));
  };
  request.on('data', onData);
}
