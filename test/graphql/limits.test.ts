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

  const aliases = (count: number, field: string) =>
    Array.from({ length: count }, (_, index) => `alias${index}: ${field}`).join(' ');
  const ofUsers = (selection: string) => `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on User { ${selection} } }
  }`;
  const spread = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ...Two }
  } fragment Two on User { ...One ...One } fragment One on User { ${aliases(60, 'machineCount')} }`;

  test.each([
    ['as many fields of few users', ofUsers(aliases(100, 'machineCount')), users(...names(10))],
    [
      'a filter in each of them',
      ofUsers(aliases(60, 'machineCount(filter: { osPlatform: ["Linux"] })')),
      users(...names(10)),
    ],
  ])('%s are answered', async (_name, query, variables) => {
    const { data, errors } = await road.ask({ query, variables, as: 'carol' });
    expect(errors).toEqual([]);
    expect(data._entities).toHaveLength(10);
  });

  test.each([
    ['fields of users', ofUsers(aliases(101, 'machineCount')), users(...names(10))],
    ['fields in fragments', spread, users(...names(10))],
    [
      'values in a filter',
      ofUsers(`machineCount(filter: { osPlatform: [${'"a" '.repeat(1_000)}] })`),
      users(...names(10)),
    ],
    ['fields that repeat a long name', ofUsers(aliases(2, 'id')), users('x'.repeat(200_000))],
    [
      'fields that repeat a long name of machinesByUser',
      `query ($names: [String!]!) { machinesByUser(userNames: $names) { ${aliases(2, 'userName')} } }`,
      { names: ['x'.repeat(200_000)] },
    ],
  ])('more %s are refused at once, whoever asks', async (_name, query, variables) => {
    const { data, errors } = await road.ask({ query, variables });
    expect(data ?? null).toBeNull();
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'The request asks for more than 1000 fields of users. Split it.',
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    ]);
  });

  test('more values of devices fail their field, and leave the others whole', async () => {
    const query = `{ machinesByUser(userNames: ["svc-backup"]) {
        machineCount fits: machines { id } tooMany: machines { ...Values }
      } }
      fragment Values on Machine { ${aliases(60, 'ipAddresses { ...Types }')} }
      fragment Types on MachineIpAddress { ${aliases(30, 'type')} }`;
    const { data, errors } = await road.ask({ query, as: 'carol' });
    expect(data.machinesByUser[0]).toMatchObject({ machineCount: 1_200, tooMany: null });
    expect(data.machinesByUser[0].fits).toHaveLength(1_200);
    expect(errors).toMatchObject([
      {
        message: 'The request asks for more than 2000000 values of devices. Split it.',
        path: ['machinesByUser', 0, 'tooMany'],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  test('a document of very many tokens is not read to its end', async () => {
    const { data, errors } = await road.ask({ query: `{ _service { ${aliases(1_700, 'sdl')} } }` });
    expect(data).toBeUndefined();
    expect(errors).toEqual([
      expect.objectContaining({ message: expect.stringContaining('5000 tokens') }),
    ]);
  });

  test('4,900 names that are written into a document are few enough tokens', async () => {
    const literal = Array.from({ length: 4_900 }, () => '"user1"').join();
    const { errors } = await road.ask({
      query: `{ machinesByUser(userNames: [${literal}]) { machineCount } }`,
    });
    expect(errors).toMatchObject([{ message: expect.stringContaining('more than 10 users') }]);
  });

  test.each([
    ['one list', '($some: [_Any!]!) { _entities(representations: $some) { ...F0 } }'],
    [
      'two lists',
      `($some: [_Any!]!, $others: [_Any!]!) {
        a: _entities(representations: $some) { ...F0 } b: _entities(representations: $others) { ...F0 }
      }`,
    ],
  ])('fragments that double without end under %s are refused', async (_name, lists) => {
    const doubling = Array.from(
      { length: 40 },
      (_, index) => `fragment F${index} on User { ...F${index + 1} ...F${index + 1} }`,
    );
    const { data, errors } = await road.ask({
      query: `query ${lists} ${doubling.join(' ')} fragment F40 on User { id }`,
      variables: { some: [], others: [] },
    });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      {
        message: 'Anonymous operation recursively requests too many selections.',
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ]);
  });

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
