import { query, request, rows, type Attack, type Bytes } from '../attack.ts';

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { id machineCount } }
}`;
const BY_NAME = 'query ($names: [String!]!) { machinesByUser(userNames: $names) { machineCount } }';
const PAGED = `query ($first: Int, $filter: MachineFilter, $orderBy: MachineOrder) {
  machinesByUser(userNames: []) { machines(first: $first, filter: $filter, orderBy: $orderBy) { id } }
}`;

const nested = (count: number) => `${'['.repeat(count)}${']'.repeat(count)}`;

/** JSON with `value` as it is written. */
function written(text: string, name: string, value: string): Bytes {
  return request({ body: `{"query":${JSON.stringify(text)},"variables":{"${name}":${value}}}` });
}

/** For each value, as it is written in JSON, what it is called. */
function each(
  what: string,
  text: string,
  name: string,
  values: readonly string[],
): Record<string, Bytes> {
  return Object.fromEntries(
    values.map((value) => [
      `${value.length > 40 ? `${value.slice(0, 40)}…` : value} for ${what}`,
      written(text, name, value),
    ]),
  );
}

const user = (id: string) => `[{"__typename":"User","id":${id}}]`;

/** Each name of it is a fault of its own. */
const unknownNames = `{${Array.from({ length: 300_000 }, (_, n) => `"k${n}":1`).join(',')}}`;

export const variables: readonly Attack[] = [
  // The second says that there are more.
  ...rows(
    '400 BAD_USER_INPUT OPERATION_RESOLUTION_FAILURE',
    each('the filter', PAGED, 'filter', [unknownNames]),
  ),
  ...rows('400 BAD_USER_INPUT', {
    ...each('representations', ENTITIES, 'representations', ['null', '[null]']),
    ...each('names', BY_NAME, 'names', [
      'null',
      '[null]',
      '1',
      'true',
      '{}',
      '[1]',
      '[true]',
      '[{}]',
      '[[]]',
      '[["user1"]]',
      '{"length":100000}',
      nested(50_000),
    ]),
    ...each('first', PAGED, 'first', [
      '"1"',
      '1.5',
      '1e999',
      '-1e999',
      '2147483648',
      '-2147483649',
      '1e21',
      'true',
      '[]',
      '[1,2]',
      '{}',
      '""',
    ]),
    ...each('filter', PAGED, 'filter', [
      '1',
      '"a"',
      'true',
      '{"riskScore":1}',
      '{"riskScore":"HIHG"}',
      '{"riskScor":["HIGH"]}',
      '{"riskScore":{"riskScore":{}}}',
      '{"osPlatform":[[["a"]]]}',
    ]),
    ...each('orderBy', PAGED, 'orderBy', [
      '1',
      '{}',
      '{"field":"ID; DROP"}',
      '{"field":null}',
      '[[]]',
    ]),
    'a wrong name of 3 MB': query(BY_NAME, { names: [['x'.repeat(3_000_000)]] }),
    '3 MB that read like suggestions': query(PAGED, {
      filter: { riskScore: ['Did you mean '.repeat(230_000)] },
    }),
    'no variables at all': query(BY_NAME),
  }),
  ...rows('400 BAD_USER_INPUT OPERATION_RESOLUTION_FAILURE', {
    '100,000 wrong names': query(BY_NAME, { names: Array.from({ length: 100_000 }, () => 1) }),
  }),
  ...rows('200 BAD_USER_INPUT', {
    ...each('a representation', ENTITIES, 'representations', [
      '1',
      '"User"',
      '{}',
      '[[]]',
      '[[null]]',
      '[{}]',
      '[1e999]',
      '[""]',
      '[true]',
      '[{"__typename":"Machine","id":"1"}]',
      '[{"__typename":"Query"}]',
      '[{"__typename":null}]',
      '[{"__typename":{"toString":1}}]',
      '[{"__typename":["User"]}]',
      '[{"id":"user1"}]',
      '[{"__typename":"User"}]',
    ]),
    ...each('a key', ENTITIES, 'representations', [
      user('null'),
      user('1'),
      user('1e999'),
      user('true'),
      user('[]'),
      user('["user1"]'),
      user('{}'),
      user('{"toString":"x","valueOf":"y"}'),
      user(nested(100_000)),
    ]),
    '100,000 representations': query(ENTITIES, {
      representations: Array.from({ length: 100_000 }, () => ({ __typename: 'User', id: 'u' })),
    }),
    '100,000 representations of other types': query(ENTITIES, {
      representations: Array.from({ length: 100_000 }, () => ({ __typename: 'A' })),
    }),
    '4,000 representations that are nothing': written(
      ENTITIES,
      'representations',
      `[${Array.from({ length: 4_000 }, () => '{}').join()}]`,
    ),
    '5,001 names': query(BY_NAME, { names: Array.from({ length: 5_001 }, (_, i) => `u${i}`) }),
  }),
  ...rows('200', {
    'no representations': written(ENTITIES, 'representations', '[]'),
    'no names': written(BY_NAME, 'names', '[]'),
    '100,000 variables that the query does not have': query('{ __typename }', {
      ...Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`v${index}`, index])),
    }),
    'a variable that is 100,000 lists deep': written('{ __typename }', 'deep', nested(100_000)),
    'a number for first that is a text elsewhere': written(PAGED, 'first', '-0'),
    'a whole number written as 1e2': written(PAGED, 'first', '1e2'),
  }),
  ...rows(
    '200',
    {
      'a question that is known, with a variable that is 100,000 lists deep': request({
        body: `{"query":${JSON.stringify(ENTITIES)},"variables":{"representations":${user('"user2"')},"deep":${nested(100_000)}}}`,
      }),
    },
    { times: 4, asks: ['user2'] },
  ),
];
