import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Authenticated, Recognize } from '../auth/caller.ts';
import { recordUntilClose } from '../telemetry/httpRecord.ts';
import type { Recorder } from '../telemetry/recorder.ts';
import { whenClosed } from '../telemetry/whenClosed.ts';
import type { Log } from '../telemetry/log.ts';
import { tell, type Answer, type RenderedAnswer } from './answer.ts';
import type { ContentTypes } from './contentTypes.ts';
import { GrowingBody } from './growing.ts';
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

/** Bytes, which are some 4,000 users. A larger request has time for the whole road. */
const LONGEST_BODY = 262_144;
const ROUTE = '/graphql';
const JSON_TYPE = /^application\/json(; ?charset=utf-8)?$/i;
/** Any other may be none, which the ordinary road looks at. */
const HOST = /^[a-z\d.-]+(:\d+)?$/i;
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
    response.once('finish', giveBack);
    whenClosed(response, letGo);
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
    // First: nobody else's body is worth the time of reading it twice.
    const caller = recognize(authorization);
    if (!caller) return undefined;
    const text = body.toString();
    const read = templates.read(text);
    const asked = read ?? templates.parse(text);
    const answered = asked && answer(caller, asked);
    if (!answered || !slabs.hasRoom(answered.byteLength)) return undefined;
    if (!read) templates.learn(text);
    return { caller, asked, answered };
  };

  return (next) => (request, response) => {
    const { headers } = request;
    const contentType = isUsual(request) ? contentTypes.for(headers.accept) : undefined;
    if (contentType === undefined || !isLetIn(request)) {
      next(request, response);
      return;
    }
    const handOn = (read: Buffer) => {
      request.pause();
      request.unshift(read);
      next(request, response);
    };
    onBody(request, {
      bytes: Number(headers['content-length']),
      // Nobody else's bytes are kept here, and a body that takes its time may outlast what let it in.
      mayWait: () =>
        isLetIn(request) && unharmed(log, () => recognize(headers.authorization)) !== undefined,
      then: (body) => {
        const found = unharmed(log, () => known(body, headers.authorization));
        if (found) respond(request, response, contentType, found);
        else handOn(body);
      },
      orElse: handOn,
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
  if (!HOST.test(headers.host ?? '')) return false;
  return UNUSUAL.every((name) => headers[name] === undefined);
}

interface Awaited {
  readonly bytes: number;
  /** Whether a body that is not all there yet may be waited for. */
  readonly mayWait: () => boolean;
  /** Called in the same moment as the last byte comes: before the stream ends, so that it can be put back. */
  readonly then: (body: Buffer) => void;
  /** Called with what came of a body that may not. */
  readonly orElse: (start: Buffer) => void;
}

function onBody(request: IncomingMessage, { bytes, mayWait, then, orElse }: Awaited): void {
  const body = new GrowingBody();
  const onData = (piece: Buffer) => {
    const isWhole = body.byteLength + piece.byteLength >= bytes;
    if (isWhole && body.byteLength === 0) {
      request.off('data', onData);
      then(piece);
      return;
    }
    // Not for each piece, which may be a byte: it hashes what lets a request in.
    const isFirst = body.byteLength === 0;
    const isLetOn = (!isFirst && !isWhole) || mayWait();
    body.add(piece);
    if (!isWhole && isLetOn) return;
    request.off('data', onData);
    if (isLetOn) then(body.whole());
    else orElse(body.whole());
  };
  request.on('data', onData);
}
