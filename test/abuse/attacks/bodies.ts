import { deflateSync, gzipSync, brotliCompressSync } from 'node:zlib';
import { request, rows, type Attack, type Bytes } from '../attack.ts';

const QUERY = '{ __typename }';
const GOOD = JSON.stringify({ query: QUERY });
const body = (text: string | Buffer): Bytes => request({ body: text });

/** What 50 MB of one letter come to in some 50 kB. */
const BOMB = Buffer.alloc(50_000_000, 'a');
const packed = (encoding: string, bytes: Buffer): Bytes =>
  request({ headers: { 'content-encoding': encoding }, body: bytes });

const WRONG = ['null', '1', 'true', '[]', '{}', '"x"', '[[]]', '1e999'];
/** JSON with one member in the place of a right one. */
function member(name: string, values: readonly string[]): Record<string, Bytes> {
  return Object.fromEntries(
    values.map((value) => [
      `${value} for ${name}`,
      body(`{${name === 'query' ? '' : `"query":"${QUERY}",`}"${name}":${value}}`),
    ]),
  );
}
const without = (...right: readonly string[]) => WRONG.filter((value) => !right.includes(value));

const typed = (contentType: string | undefined, text: string = GOOD): Bytes =>
  request({ headers: { 'content-type': contentType }, body: text });

export const bodies: readonly Attack[] = [
  ...rows('400 BAD_REQUEST', {
    'no body': body(''),
    'half of an object': body(GOOD.slice(0, -3)),
    'two objects': body(GOOD + GOOD),
    'text before the object': body(`)]}',\n${GOOD}`),
    'null bytes': body('\0'.repeat(1_000)),
    'a null byte in a string': body('{"query":"{ __typename }\0"}'),
    'bytes that are no UTF-8': body(Buffer.from([0xff, 0xfe, 0x80, 0xc0, 0xaf])),
    'an object in UTF-16': body(Buffer.from(GOOD, 'utf16le')),
    '100,000 opening brackets': body('['.repeat(100_000)),
    '1,000,000 opening braces': body('{"a":'.repeat(600_000)),
    'single quotes': body("{'query':'{ __typename }'}"),
    'a number that is none': body('{"query":"{ __typename }","variables":{"a":NaN}}'),
    'a list with a comma too many': body('[1,]'),
    '__proto__ beside the query': body('{"query":"{ __typename }","__proto__":{"admin":true}}'),
    '__proto__ in the variables': body(
      '{"query":"{ __typename }","variables":{"__proto__":{"admin":true}}}',
    ),
    '__proto__ with a letter escaped': body(
      '{"query":"{ __typename }","variables":{"\\u005f_proto__":{"admin":true}}}',
    ),
    'a constructor with a prototype': body(
      '{"query":"{ __typename }","constructor":{"prototype":{"admin":true}}}',
    ),
    '__proto__ in a representation': body(
      '{"query":"{ __typename }","variables":{"r":[{"__proto__":{"id":"user1"}}]}}',
    ),
    'a batch of one': body(`[${GOOD}]`),
    'a batch of 10,000': body(`[${Array.from({ length: 10_000 }, () => GOOD).join()}]`),
    'an object with numbers for keys': body(`{"0":${GOOD},"length":1}`),
    text: body('"{ __typename }"'),
    'a number': body('1'),
    null: body('null'),
    'an empty object': body('{}'),
    'a list of lists, 100,000 deep': body('['.repeat(100_000) + ']'.repeat(100_000)),
    ...member(
      'query',
      WRONG.filter((value) => value !== '"x"'),
    ),
    ...member('variables', without('null', '{}')),
    ...member('extensions', without('null', '{}')),
    ...member('operationName', without('null', '"x"')),
    'a document that is parsed already': body('{"query":{"kind":"Document","definitions":[]}}'),
    'a query twice, the last of them none': body(`{"query":"${QUERY}","query":1}`),
    'a gzip bomb': packed('gzip', gzipSync(BOMB)),
    'a deflate bomb': packed('deflate', deflateSync(BOMB)),
    'a brotli bomb': packed('br', brotliCompressSync(BOMB)),
    'a good query in gzip': packed('gzip', gzipSync(GOOD)),
    'gzip that is none': packed('gzip', Buffer.from('not gzip at all')),
  }),
  ...rows(
    '413 BAD_REQUEST',
    {
      'a body of 5 MB': body(
        JSON.stringify({ query: QUERY, variables: { a: 'x'.repeat(5_000_000) } }),
      ),
      'a body of 40 MB': body(Buffer.alloc(40_000_000, ' ')),
      '400,000 representations': body(
        `{"query":"${QUERY}","variables":{"r":[${Array.from({ length: 400_000 }, () => '{"__typename":"User","id":"u"}').join()}]}}`,
      ),
    },
    { isCut: true },
  ),
  ...rows('415 BAD_REQUEST', {
    'a form': typed('application/x-www-form-urlencoded', 'query=%7B__typename%7D'),
    'a form of parts': typed('multipart/form-data; boundary=x', '--x--'),
    'plain text': typed('text/plain'),
    'GraphQL as it is': typed('application/graphql', QUERY),
    XML: typed(
      'application/xml',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ),
    'a type that is none': typed('\u00ff\u00fe/;;='),
    'a type of 8 kB': typed(`application/${'x'.repeat(8_000)}`),
    'no type': typed(undefined),
    'an empty type': typed(''),
    'two types': typed('text/plain, application/json'),
  }),
  ...rows('200 PERSISTED_QUERY_NOT_SUPPORTED', {
    'a persisted query': body(
      JSON.stringify({
        query: QUERY,
        extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
      }),
    ),
    'a persisted query by hash alone': body(
      JSON.stringify({
        extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
      }),
    ),
    'a persisted query that is text': body(
      JSON.stringify({ query: QUERY, extensions: { persistedQuery: 'x'.repeat(100_000) } }),
    ),
  }),
  ...rows('200', {
    'a key 100,000 times': body(`{${'"query":"{ a }",'.repeat(100_000)}"query":"${QUERY}"}`),
    '100,000 keys that mean nothing': body(
      `{"query":"${QUERY}",${Array.from({ length: 100_000 }, (_, index) => `"k${index}":0`).join()}}`,
    ),
    '3 MB of spaces': body(`${' '.repeat(3_000_000)}${GOOD}`),
    'numbers beyond all bounds': body(
      `{"query":"${QUERY}","variables":{"a":1e999,"b":-1e999,"c":${'9'.repeat(1_000_000)},"d":1e-999}}`,
    ),
    'extensions 50,000 deep': body(
      `{"query":"${QUERY}","extensions":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
    ),
    'UTF-8 in an overlong form': body(
      Buffer.concat([
        Buffer.from('{"query":"{ __typename }","x":"'),
        Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0x80]),
        Buffer.from('"}'),
      ]),
    ),
  }),
];
