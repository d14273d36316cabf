import { raw, request, rows, type Attack, type Bytes } from '../attack.ts';

const QUERY = '{ __typename }';
const ENTITIES = {
  query: `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on User { id machineCount } }
  }`,
  variables: { representations: [{ __typename: 'User', id: 'user9' }] },
};

const withHeaders = (headers: Readonly<Record<string, string | undefined>>): Bytes =>
  request({ headers, body: { query: QUERY } });
const asking = (authorization: string | undefined): Bytes =>
  request({ headers: { authorization }, body: ENTITIES });
const get = (search: string, headers: Readonly<Record<string, string>> = {}): Bytes =>
  request({
    method: 'GET',
    path: `/graphql${search}`,
    headers: {
      'content-type': undefined,
      'content-length': undefined,
      'apollo-require-preflight': 'true',
      ...headers,
    },
  });
const method = (name: string, path = '/graphql'): Bytes =>
  request({
    method: name,
    path,
    headers: { 'content-type': undefined, 'content-length': undefined },
  });

/** A head that holds these lines as they are. */
const head = (...lines: readonly string[]): Bytes =>
  raw(
    [
      'POST /graphql HTTP/1.1',
      'host: {host}',
      'content-type: application/json',
      'content-length: 26',
      'connection: close',
      ...lines,
      '',
      `{"query":"${QUERY}"}`,
    ].join('\r\n'),
  );

export const headers: readonly Attack[] = [
  ...rows(
    '431 BAD_REQUEST',
    {
      'a token of 100 kB': asking(`Bearer ${'a'.repeat(100_000)}`),
      'a token of 2 MB': asking(`Bearer ${'a'.repeat(2_000_000)}`),
      'a name of a header of 100 kB': withHeaders({ ['x'.repeat(100_000)]: '1' }),
      '5,000 headers': withHeaders(
        Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`x-${index}`, 'y'])),
      ),
      'cookies of 20 kB': withHeaders({ cookie: 'a=b; '.repeat(4_000) }),
      'a query string of 100 kB': get(`?query=${'a'.repeat(100_000)}`),
      'a path of 100 kB': method('GET', `/${'a/'.repeat(50_000)}`),
    },
    { isCut: true },
  ),
  ...rows('200 UNAUTHENTICATED', {
    'no token': asking(undefined),
    'an empty header for the token': asking(''),
    'a scheme alone': asking('Bearer'),
    'a scheme and spaces': asking('Bearer     '),
    'another scheme': asking('Basic dXNlcjpwYXNz'),
    'two schemes': asking('Bearer Bearer x'),
    'a token with a space in it': asking('Bearer a b'),
    'a token with a comma': asking('Bearer a,b'),
    'a token with a tab': asking('Bearer a\tb'),
    'a token with quotes': asking('Bearer "a"'),
    'a token beyond ASCII': asking('Bearer \u00e9\u00ff\u00fe'),
    'a token in bytes of another script': asking(
      `Bearer ${Buffer.from('токен').toString('latin1')}`,
    ),
    'a token of control signs as text': asking('Bearer %00%0d%0a'),
    'a token that is a path': asking('Bearer ../../etc/passwd?'),
  }),
  ...rows('400 BAD_REQUEST', {
    'a token with a null byte': head('authorization: Bearer a\0b'),
    'a token with a carriage return': head('authorization: Bearer a\rb'),
    'a folded header': head('x-a: b', ' c'),
    'a header without a colon': head('x-header'),
    'a space before the colon': head('x-a : b'),
    'an empty name of a header': head(': b'),
    'a name of a header beyond ASCII': head('x-\u00e9: b'),
    'an id of the request with an escape': withHeaders({ 'x-request-id': '\u001b[2Jx' }),
    'two lengths': head('content-length: 27'),
    'a negative length': raw(
      'POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-length: -1\r\n\r\n',
    ),
    'a length in hexadecimal': raw(
      'POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-length: 0x1a\r\n\r\n',
    ),
    'a length beyond 64 bits': raw(
      'POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-length: 99999999999999999999999\r\n\r\n',
    ),
  }),
  ...rows('200', {
    'a token and a line break, which ends its header': head('authorization: Bearer a', 'x-b: c'),
    'an id of the request of 8 kB': withHeaders({ 'x-request-id': 'x'.repeat(8_000) }),
    'a priority that there is not': withHeaders({ 'x-defender-priority': '__proto__' }),
    'a trace that is none': withHeaders({ traceparent: 'x'.repeat(4_000), tracestate: '=' }),
    'a trace for a federation': withHeaders({ 'apollo-federation-include-trace': 'ftv1' }),
    'what a proxy says, invented': withHeaders({
      forwarded: 'for=1.2.3.4;host=evil.example;proto=https',
      'x-forwarded-for': '1.2.3.4, 5.6.7.8',
      'x-forwarded-host': 'evil.example',
      'x-http-method-override': 'DELETE',
      'x-original-url': '/admin',
    }),
    'a range': withHeaders({ range: 'bytes=0-0,1-1' }),
    'two hosts': head('host: evil.example'),
    'a host with a port that is none': withHeaders({ host: 'a:99999999' }),
    'a host of somebody else': withHeaders({ host: 'evil.example' }),
  }),
  ...rows('400 BAD_REQUEST', {
    'a host that is no host': withHeaders({ host: '[' }),
    'a host with a space': withHeaders({ host: 'a b' }),
    'a host of signs': withHeaders({ host: '<>"^`{|}' }),
    'an empty host': withHeaders({ host: '' }),
    'a GET as a browser sends it from anywhere': get(`?query=${encodeURIComponent(QUERY)}`, {
      'apollo-require-preflight': undefined as never,
    }),
    'a GET with nothing': get(''),
    'a GET with a query twice': get('?query=%7B__typename%7D&query=%7Ba%7D'),
    'a GET with variables that are no JSON': get('?query=%7B__typename%7D&variables=%7B'),
    'a GET with a batch': get('?query=%7B__typename%7D&variables=%5B%5D'),
    'a preflight of a browser': method('OPTIONS'),
  }),
  ...rows('400 BAD_REQUEST', {
    'a path that is not well encoded': method('GET', '/%zz'),
  }),
  ...rows('406 BAD_REQUEST', {
    'an answer as a picture': withHeaders({ accept: 'image/png' }),
    'an answer in 12 kB of forms that there are not': withHeaders({
      accept: 'a/b;q=0.1;c="d",'.repeat(750),
    }),
    'an answer as nothing': withHeaders({ accept: 'application/json;q=0' }),
  }),
  ...rows('405 BAD_REQUEST', {
    'a GET with a mutation': get(`?query=${encodeURIComponent('mutation { a }')}`),
  }),
  ...rows('400 GRAPHQL_VALIDATION_FAILED', {
    'a GET with introspection': get(
      `?query=${encodeURIComponent('{ __schema { types { name } } }')}`,
    ),
  }),
  ...rows('400 GRAPHQL_PARSE_FAILED', {
    'a GET with a broken encoding': get('?query=%zz%'),
    'a GET with a null byte': get('?query=%00'),
    'a GET of 12 kB of braces': get(`?query=${'{'.repeat(12_000)}`),
  }),
  ...rows('404 BAD_REQUEST', {
    'another path': method('GET', '/etc/passwd'),
    'steps up': method('GET', '/graphql/../../../etc/passwd'),
    'encoded steps up': method('GET', '/%2e%2e/%2e%2e/etc/passwd'),
    'a null byte in the path': method('GET', '/graphql%00'),
    'a path of two slashes': method('GET', '//graphql'),
    'the metrics, which have a port of their own': method('GET', '/metrics'),
    PUT: method('PUT'),
    DELETE: method('DELETE'),
    PATCH: method('PATCH'),
    TRACE: method('TRACE'),
    'a method of WebDAV': method('PROPFIND'),
    'a POST to the health': request({ path: '/healthz', body: {} }),
  }),
  ...rows('400 BAD_REQUEST', {
    'a method that there is not': method('HACK'),
    'a method of 10 kB': method('A'.repeat(10_000)),
    'a path with a space': method('GET', '/graph ql'),
    'no path': raw('GET  HTTP/1.1\r\nhost: {host}\r\n\r\n'),
  }),
  // Node's own answers, without a body.
  ...rows('400', {
    HEAD: method('HEAD'),
    'no host': raw('POST /graphql HTTP/1.1\r\ncontent-length: 0\r\n\r\n'),
  }),
];
