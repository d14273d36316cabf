import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';

describe('limits of a request', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad({ MAX_USERS_PER_REQUEST: '10', MAX_BODY_MEGABYTES: '1' });
  });
  afterAll(() => road.close());

  const names = (count: number) => Array.from({ length: count }, (_, index) => `user${index + 1}`);

  test('as many users as allowed are answered', async () => {
    const { errors } = await road.ask({
      query: ENTITIES,
      variables: users(...names(10)),
      as: 'carol',
    });
    expect(errors).toEqual([]);
  });

  test.each([
    ['representations', ENTITIES, users(...names(11))],
    [
      'names',
      'query ($names: [String!]!) { machinesByUser(userNames: $names) { machineCount } }',
      { names: names(11) },
    ],
    [
      'representations of two aliases together',
      `query ($representations: [_Any!]!) {
        a: _entities(representations: $representations) { ... on User { machineCount } }
        b: _entities(representations: $representations) { ... on User { machineCount } }
      }`,
      users(...names(6)),
    ],
  ])(
    'more %s are refused without a call, with a word on the limit',
    async (_name, query, variables) => {
      road.defender.ledger.reset();
      const { errors } = await road.ask({ query, variables, token: 'another-caller' });
      expect(errors.at(-1)).toMatchObject({
        message: expect.stringContaining('more than 10 users (MAX_USERS_PER_REQUEST)'),
        extensions: { code: 'BAD_USER_INPUT' },
      });
      if (!query.includes('a: ')) expect(road.defender.ledger.total).toBe(0);
    },
  );

  test('a body over the limit is refused as GraphQL over HTTP has it', async () => {
    const response = await fetch(road.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: '{ __typename }',
        variables: { padding: 'x'.repeat(1_100_000) },
      }),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'The request body is larger than 1 MiB (MAX_BODY_MEGABYTES). Split the request.',
          extensions: { code: 'BAD_REQUEST' },
        },
      ],
    });
  });

  test.each([
    ['no JSON', '{'],
    ['a poisoned prototype', '{"query":"{ __typename }","__proto__":{"x":1}}'],
  ])('a body of %s is a bad request', async (_name, body) => {
    const response = await fetch(road.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
  });

  test('a negative first or offset fails its own field', async () => {
    const { data, errors } = await road.ask({
      query: `{ machinesByUser(userNames: ["user1"]) {
        machineCount wrong: machines(first: -1) { id } wrongToo: machines(offset: -1) { id }
      } }`,
      as: 'carol',
    });
    expect(data.machinesByUser[0]).toEqual({ machineCount: 9, wrong: null, wrongToo: null });
    expect(errors.map(({ path }) => path.at(-1))).toEqual(['wrong', 'wrongToo']);
  });
});
