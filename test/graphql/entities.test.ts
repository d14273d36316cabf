import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';

describe('a bad representation', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());

  const good = { __typename: 'User', id: 'user1' };

  test.each([
    ['of an unknown type', { __typename: 'Nobody', id: 'user1' }],
    ['of a type that is not resolved here', { __typename: 'Machine', id: '1' }],
    ['of a type that is no entity', { __typename: 'Query' }],
    ['of a type named like a property of every object', { __typename: 'constructor' }],
    ['without a type', { id: 'user1' }],
    ['with a type that is no text', { __typename: 7, id: 'user1' }],
    ['without a key', { __typename: 'User' }],
    ['with another key', { __typename: 'User', userPrincipalName: 'user1@contoso.com' }],
    ['with a null key', { __typename: 'User', id: null }],
    ['with a numeric key', { __typename: 'User', id: 7 }],
    ['with an object as key', { __typename: 'User', id: { id: 'user1' } }],
    ['with a list as key', { __typename: 'User', id: ['user1'] }],
    ['that is text', 'user1'],
    ['that is a number', 7],
    ['that is a list', [good]],
  ])('%s costs itself alone', async (_name, bad) => {
    const { data, errors, status } = await road.ask({
      query: ENTITIES,
      variables: { representations: [good, bad, good] },
      as: 'carol',
    });
    expect(status).toBe(200);
    expect(data._entities[0].machines.length).toBeGreaterThan(0);
    expect(data._entities[1]).toBeNull();
    expect(data._entities[2]).toEqual(data._entities[0]);
    expect(errors.map(({ path, extensions }) => ({ path, code: extensions.code }))).toEqual([
      { path: ['_entities', 1], code: 'BAD_USER_INPUT' },
    ]);
  });

  test('with a name that no account has keeps the entity and fails its fields', async () => {
    const { data, errors } = await road.ask({
      query: ENTITIES,
      variables: users('user1', '../../machines', 'user1'),
      as: 'carol',
    });
    expect(data._entities[1]).toEqual({ id: '../../machines', machines: null });
    expect(data._entities[0].machines.length).toBeGreaterThan(0);
    expect(errors.map(({ path, extensions }) => ({ path, code: extensions.code }))).toEqual([
      { path: ['_entities', 1, 'machines'], code: 'BAD_USER_INPUT' },
    ]);
  });
});

describe.each([
  ['id', { id: 'user1' }],
  ['userPrincipalName', { userPrincipalName: 'user1@contoso.com' }],
  [
    'id-requires-upn',
    { id: '6f9619ff-8b86-d011-b42d-00c04fc964ff', userPrincipalName: 'user1@contoso.com' },
  ],
])('with USER_KEY=%s', (userKey, key) => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad({ USER_KEY: userKey });
  });
  afterAll(() => road.close());

  test('a representation by that key is answered', async () => {
    const [field] = Object.keys(key);
    const { data, errors } = await road.ask({
      query: `query ($representations: [_Any!]!) {
        _entities(representations: $representations) {
          __typename ... on User { ${field} machines { id } machineCount machinesFreshness { source } }
        }
      }`,
      variables: { representations: [{ __typename: 'User', ...key }] },
      as: 'carol',
    });
    expect(errors).toEqual([]);
    expect(data._entities[0]).toMatchObject({
      __typename: 'User',
      ...firstOf(key),
      machineCount: 9,
    });
    expect(data._entities[0].machines).toHaveLength(9);
    expect(road.defender.ledger.byUser).toEqual({ user1: 1 });
  });

  test('machinesByUser takes names', async () => {
    const { data, errors } = await road.ask({
      query: '{ machinesByUser(userNames: ["user1"]) { userName machineCount } }',
      as: 'carol',
    });
    expect(errors).toEqual([]);
    expect(data).toEqual({ machinesByUser: [{ userName: 'user1', machineCount: 9 }] });
  });

  test('the SDL for the router holds that key', async () => {
    const { data } = await road.ask({ query: '{ _service { sdl } }' });
    expect(data._service.sdl).toContain(`@key(fields: "${Object.keys(key)[0]}")`);
  });
});

test('an opaque id without the required userPrincipalName fails the fields that need it, and only those', async () => {
  const road = await openRoad({ USER_KEY: 'id-requires-upn' });
  const { data, errors } = await road.ask({
    query: ENTITIES,
    variables: { representations: [{ __typename: 'User', id: 'opaque', userPrincipalName: null }] },
    as: 'carol',
  });
  expect(data._entities).toEqual([{ id: 'opaque', machines: null }]);
  expect(errors[0]).toMatchObject({
    message: expect.stringContaining('userPrincipalName'),
    path: ['_entities', 0, 'machines'],
    extensions: { code: 'BAD_USER_INPUT' },
  });
  await road.close();
});

function firstOf(key: object): object {
  return Object.fromEntries(Object.entries(key).slice(0, 1));
}
