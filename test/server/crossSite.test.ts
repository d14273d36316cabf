import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { ENTITIES, openRoad, users, type Road, untilKept } from '../road.ts';

let road: Road;
let authorization: string;
const QUESTION = JSON.stringify({ query: ENTITIES, variables: users('user1') });

beforeAll(async () => {
  road = await openRoad();
  authorization = `Bearer ${await road.defender.issuer.defenderToken('alice')}`;
  for (let time = 0; time < 3; time += 1) {
    await post('application/json');
    await untilKept();
  }
});
afterAll(() => road.close());

const post = (type: string | undefined, body = QUESTION) =>
  fetch(road.url, {
    method: 'POST',
    headers: { authorization, ...(type !== undefined && { 'content-type': type }) },
    body: Buffer.from(body),
  });

test('there is an answer to be had that is remembered', async () => {
  expect((await post('application/json')).status).toBe(200);
  expect(road.logged.join('')).toContain('"road":"rendered"');
});

describe('what a form or an image of another site can send', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    undefined,
  ])('is refused: POST with Content-Type %s', async (type) => {
    const before = road.defender.ledger.total;
    const answer = await post(type);
    expect([400, 415]).toContain(answer.status);
    expect(await answer.json()).not.toHaveProperty('data');
    expect(road.defender.ledger.total).toBe(before);
  });

  test('is refused: GET without a header that needs a preflight', async () => {
    const url = `${road.url}?query=${encodeURIComponent('{ defenderBudget { minute { limit } } }')}`;
    const refused = await fetch(url, { headers: { authorization } });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('CSRF');
    const headers = { authorization, 'apollo-require-preflight': 'yes' };
    expect((await fetch(url, { headers })).status).toBe(200);
  });
});

describe('what costs more than it says is off', () => {
  test('many requests in one', async () => {
    const answer = await post('application/json', `[${QUESTION},${QUESTION}]`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).not.toHaveProperty('data');
  });

  test('documents that are sent by their hash', async () => {
    const sha256Hash = createHash('sha256').update('{ __typename }').digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    for (const query of [undefined, '{ __typename }', undefined]) {
      const answer = await post('application/json', JSON.stringify({ query, extensions }));
      expect(await answer.json()).toMatchObject({
        errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }],
      });
    }
  });
});
