import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { openRoad, type Road } from '../road.ts';

let road: Road;
beforeAll(async () => {
  road = await openRoad();
});
afterAll(() => road.close());

async function post(host: string, path = '/graphql') {
  const headers = { host, 'content-type': 'application/json' };
  const sent = request(new URL(path, road.url), { method: 'POST', headers });
  sent.end('{"query":"{ __typename }"}');
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await json(response) };
}

test.each(['127.0.0.1', 'machines.example:8080', '[::1]:4001', 'a-service.namespace.svc'])(
  'the host %s is a host',
  async (host) => {
    expect(await post(host)).toEqual({ status: 200, body: { data: { __typename: 'Query' } } });
  },
);

test.each(['[', 'a b', '<>"^`{|}'])('a request to the host "%s" is a bad one', async (host) => {
  expect(await post(host)).toMatchObject({
    status: 400,
    body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
  });
  expect(road.logged.join('')).not.toContain('a fault of this service');
});

test.each([
  ['/somewhere/else', 404],
  ['/%zz', 400],
])('the answer to %s has the shape of GraphQL, and does not repeat it', async (path, status) => {
  const answer = await post('127.0.0.1', path);
  expect(answer).toMatchObject({
    status,
    body: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
  });
  expect(JSON.stringify(answer)).not.toMatch(/somewhere|%zz/);
});
