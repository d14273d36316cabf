import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fastify } from 'fastify';
import { readJsonBodies } from '../../src/server/jsonBody.ts';

const read = fastify();
const asFastify = fastify();
for (const http of [read, asFastify]) http.post('/', async ({ body }) => ({ body }));
readJsonBodies(read, 1_048_576);

beforeAll(async () => {
  await Promise.all([read, asFastify].map((http) => http.listen({ host: '127.0.0.1', port: 0 })));
});
afterAll(async () => {
  await Promise.all([read, asFastify].map((http) => http.close()));
});

async function answers(payload: string): Promise<unknown[]> {
  return Promise.all(
    [read, asFastify].map(async (http) => {
      const response = await fetch(http.listeningOrigin, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: payload,
      });
      return { status: response.status, body: await response.json() };
    }),
  );
}

describe('a JSON body', () => {
  test.each([
    ['{"a":1}', 200],
    ['[1, "__proto"]', 200],
    ['"constructor"', 200],
    ['{"__proto__":{"x":1}}', 400],
    ['{"\\u005f_proto__":{"x":1}}', 400],
    ['{"constructor":{"prototype":{"x":1}}}', 400],
    ['{"c\\u006fnstructor":{"prototype":{"x":1}}}', 400],
    ['{"a":', 400],
    ['\ufeff{"a":1}', 200],
    ['', 400],
  ])('%j is answered %d, as by Fastify', async (payload, status) => {
    const [mine, theirs] = await answers(payload);
    expect(mine).toEqual(theirs);
    expect(mine).toMatchObject({ status });
  });

  test('of any kind is read as by Fastify', async () => {
    const key = fc.constantFrom('a', '__proto__', 'constructor', 'prototype', 'ü', '\\u005f');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.jsonValue(),
        fc.dictionary(key, tie('value')),
        fc.array(tie('value')),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(value, async (any) => {
        const [mine, theirs] = await answers(JSON.stringify(any));
        expect(mine).toEqual(theirs);
      }),
      { numRuns: 300 },
    );
  });
});

test('a body of plain text is no request', async () => {
  const response = await fetch(read.listeningOrigin, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '{"a":1}',
  });
  expect(response.status).toBe(415);
});
