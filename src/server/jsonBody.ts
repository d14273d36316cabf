import { errorCodes, type FastifyInstance } from 'fastify';
import { GrowingBody } from '../rendered/growing.ts';

/**
 * Reads JSON bodies as Fastify's own parser does, but for two things: it looks for keys that would reach into prototypes in
 * several slow passes, so that only bodies which can hold one are given to it; and it keeps a list of the pieces of a body,
 * of which a client can make many.
 */
export function readJsonBodies(http: FastifyInstance, maxBytes: number): void {
  const careful = http.getDefaultJsonParser('error', 'error');
  // The other one is for plain text, which is no request to GraphQL.
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', (request, payload, done) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return done(tooLarge());
    const body = new GrowingBody();
    const end = (error: Error | undefined) => {
      payload.off('data', onData).off('end', onEnd).off('error', onError);
      if (error) return done(error);
      const text = body.whole().toString();
      const plain = readPlainJson(text);
      if (plain === undefined) void careful(request, text, done);
      else done(null, plain);
    };
    const onEnd = () => end(undefined);
    // Of a client that has gone, or sends what is no body.
    const onError = (error: Error) => end(Object.assign(error, { statusCode: 400 }));
    const onData = (piece: Buffer) => {
      if (body.byteLength + piece.byteLength > maxBytes) end(tooLarge());
      else body.add(piece);
    };
    payload.on('data', onData).on('end', onEnd).on('error', onError).resume();
  });
}

function tooLarge(): Error {
  return new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
}

/** Undefined for what that parser must judge. */
export function readPlainJson(body: string): unknown {
  if (SUSPECT.some((word) => body.includes(word))) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** As they are written, or with one of their letters escaped. */
const SUSPECT = ['__proto__', 'constructor', '\\u'];
