import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { createAnswerText } from '../../src/graphql/answerText.ts';

/** A handler whose answer is what is given, asked as Fastify asks it. */
async function answered(
  around: (ordinary: RouteHandlerMethod) => RouteHandlerMethod,
  text: unknown,
) {
  const handler = around(async () => text);
  return handler.call({} as never, {} as FastifyRequest, {} as FastifyReply);
}

// Beyond ASCII too: a text may have more bytes than characters.
const stringUnit = 'grapheme';
const json = fc
  .jsonValue({ stringUnit })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const data = fc.dictionary(fc.string({ unit: stringUnit }), fc.oneof(json, fc.array(json)));

describe('the text of an answer', () => {
  test('is that of JSON.stringify, to the letter', () => {
    fc.assert(
      fc.property(fc.option(data), fc.boolean(), (answer, hasErrors) => {
        const result = { ...(hasErrors && { errors: [{ message: 'No.' }] }), data: answer };
        expect(createAnswerText().stringify(result)).toBe(JSON.stringify(result));
      }),
    );
  });

  test('goes out as its bytes in UTF-8', async () => {
    await fc.assert(
      fc.asyncProperty(data, async (answer) => {
        const { stringify, around } = createAnswerText();
        const text = stringify({ data: answer });
        expect(await answered(around, text)).toEqual(Buffer.from(text));
      }),
    );
  });
});

describe('what a handler returns', () => {
  test('is left as it is where it is no text that was just made', async () => {
    const { stringify, around } = createAnswerText();
    expect(await answered(around, '<html>')).toBe('<html>');
    stringify({ data: { a: 1 } });
    expect(await answered(around, '<html>')).toBe('<html>');
    expect(await answered(around, undefined)).toBeUndefined();
  });

  test('is its own text also where another was made in between, and of the same length', async () => {
    const { stringify, around } = createAnswerText();
    const one = stringify({ data: { a: 1 } });
    const other = stringify({ data: { a: 2 } });
    expect(String(await answered(around, one))).toBe('{"data":{"a":1}}');
    expect(String(await answered(around, other))).toBe('{"data":{"a":2}}');
  });
});
