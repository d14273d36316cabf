import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ENTITIES, openRoad, users, type Road, untilKept } from '../road.ts';
import { RawClient } from './raw.ts';

const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
/** What says which software answers, and what means nothing over plain HTTP. */
const NEVER = ['server', 'via', 'x-powered-by', 'strict-transport-security'];

/** The values of those headers, and which of the others are there. */
function toldBy(headers: Headers) {
  const names = [...Object.keys(HEADERS), ...NEVER].filter((name) => headers.has(name));
  return Object.fromEntries(names.map((name) => [name, headers.get(name)]));
}

describe.each(['development', 'production'])('every answer in %s', (mode) => {
  let road: Road;
  let other: Road;
  beforeAll(async () => {
    other = await openRoad();
    const production = { NODE_ENV: mode, DEFENDER_API_URL: '', DEFENDER_CLOUD: 'global' };
    const env = { METRICS_PORT: '0', MAX_BODY_MEGABYTES: '1', ROUTER_SECRET: 's'.repeat(32) };
    road = await openRoad({ ...env, ...(mode === 'production' && production) }, {}, other);
  });
  afterAll(async () => {
    await road.close();
    await other.close();
  });

  const json = { 'content-type': 'application/json', 'x-router-secret': 's'.repeat(32) };
  const post = (body: string, headers: Record<string, string> = json) => ({
    method: 'POST',
    headers,
    body,
  });

  test.each([
    ['data', '/graphql', post('{"query":"{ __typename }"}'), 200],
    ['an error of GraphQL', '/graphql', post('{"query":"{ nothing }"}'), 400],
    ['no JSON', '/graphql', post('{'), 400],
    ['too large a body', '/graphql', post(' '.repeat(1_100_000)), 413],
    ['no type', '/graphql', post('x', { ...json, 'content-type': 'image/png' }), 415],
    ['no secret', '/graphql', post('{}', {}), 403],
    ['no path', '/nowhere', {}, 404],
    ['an undecodable path', '/%', {}, 400],
    ['life', '/healthz', {}, 200],
    ['readiness', '/readyz', {}, 200],
  ])('has them: %s', async (_what, path, request, status) => {
    const answer = await fetch(new URL(path, road.url), request);
    expect(answer.status).toBe(status);
    expect(toldBy(answer.headers)).toEqual(HEADERS);
  });

  test.each([
    ['no HTTP', 'nonsense\r\n\r\n', 400],
    ['too large headers', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('has them: %s', async (_what, request, status) => {
    const text = await (await RawClient.connect(road.url, request)).readToEnd();
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const lines = head.split('\r\n').slice(1);
    const headers = new Headers(lines.map((line) => line.split(': ') as [string, string]));
    expect(toldBy(headers)).toEqual(HEADERS);
    expect(JSON.parse(body)).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  test('has them: metrics', async () => {
    const lines = road.logged.map((line) => JSON.parse(line) as { msg: string; url?: string });
    const { url = '' } = lines.find(({ msg }) => msg === 'metrics') ?? {};
    for (const [address, status] of [
      [url, 200],
      [`${url}x`, 404],
    ] as const) {
      const answer = await fetch(address);
      expect([answer.status, toldBy(answer.headers)]).toEqual([status, HEADERS]);
    }
  });
});

describe('with them', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());

  test('a remembered answer is still its caller’s own, for as long as it is fresh', async () => {
    for (let time = 0; time < 3; time += 1) {
      const { headers } = await road.ask({
        query: ENTITIES,
        variables: users('user1'),
        as: 'alice',
      });
      expect(headers.get('cache-control')).toBe('max-age=300, private');
      expect(toldBy(headers)).toEqual(HEADERS);
      await untilKept();
    }
    expect(road.logged.join('')).toContain('"road":"rendered"');
  });

  test('GraphiQL runs by the policy in its page, and nobody frames it', async () => {
    const { headers } = await fetch(road.url, { headers: { accept: 'text/html' } });
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(toldBy(headers)).toEqual({
      ...HEADERS,
      'content-security-policy': "frame-ancestors 'none'",
    });
  });
});
