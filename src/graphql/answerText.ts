import type { RouteHandlerMethod } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';

export interface AnswerText {
  /** What JSON.stringify makes of a result, for Apollo Server. */
  readonly stringify: (result: FormattedExecutionResult) => string;
  /** Put around the handler of GraphQL, whose texts it lets go out as bytes. */
  readonly around: (ordinary: RouteHandlerMethod) => RouteHandlerMethod;
}

/**
 * Writes answers in pieces. A text of more than 128 kB, as of a hundred users, is a large object to V8: to put it together for
 * its length, and once more to be sent, takes longer than all the rest of writing it.
 */
export function createAnswerText(): AnswerText {
  /** The last one that was made, which is what its handler returns, but where others were made in between. */
  let last: Written | undefined;

  const inBytes = (text: unknown): unknown => {
    if (!last || text !== last.text) return text;
    const { pieces } = last;
    last = undefined;
    const byteLengths = pieces.map((piece) => Buffer.byteLength(piece));
    const bytes = Buffer.allocUnsafe(byteLengths.reduce((sum, each) => sum + each, 0));
    let at = 0;
    for (const [index, piece] of pieces.entries()) {
      // A byte for each character: this is ASCII, and takes half of the time to write as such.
      const isAscii = byteLengths[index] === piece.length;
      at += bytes.write(piece, at, isAscii ? 'latin1' : 'utf8');
    }
    return bytes;
  };

  return {
    stringify(result) {
      const pieces = piecesOf(result);
      // V8 leaves a sum of texts as it is until somebody reads it, which `join` does.
      const text = pieces.reduce((sum, piece) => sum + piece, '');
      last = { text, pieces };
      return text;
    },
    around: (ordinary) =>
      async function (request, reply) {
        return inBytes(await ordinary.call(this, request, reply));
      },
  };
}

interface Written {
  readonly text: string;
  readonly pieces: readonly string[];
}

/** One at least for each user in it: each item of the lists in its data. */
function piecesOf(result: FormattedExecutionResult): readonly string[] {
  const { data, errors, extensions } = result;
  if (!isRecord(data) || errors || extensions) return [JSON.stringify(result)];
  const fields = Object.entries(data).flatMap(([key, value], index) => [
    `${index === 0 ? '' : ','}${JSON.stringify(key)}:`,
    ...(Array.isArray(value) ? listPieces(value) : [JSON.stringify(value)]),
  ]);
  return ['{"data":{', ...fields, '}}'];
}

function listPieces(list: readonly unknown[]): readonly string[] {
  // The comma by itself: put before a text, it would have to be put together with it.
  const items = list.flatMap((item, index) => [index === 0 ? '' : ',', JSON.stringify(item)]);
  return ['[', ...items, ']'];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
