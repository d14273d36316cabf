import { query, repeated, request, rows, type Attack } from '../attack.ts';

/** Beyond the default of MAX_DOCUMENT_TOKENS. */
const TOO_MANY = 6_000;
const USERS = { representations: [{ __typename: 'User', id: 'user1' }] };

const MACHINE_FIELDS =
  'id osPlatform osVersion osProcessor version agentVersion healthStatus deviceValue riskScore exposureLevel isAadJoined machineTags managedBy firstSeen lastSeen'.split(
    ' ',
  );

const nested = (count: number, open: string, inner: string, close: string) =>
  `${open.repeat(count)}${inner}${close.repeat(count)}`;

/** Fragments of which each spreads the next one so many times: written out they have no end. */
const chain = (length: number, spreads: number, last: string, between = '') =>
  repeated(length, (index) => {
    const inner =
      index === length - 1 ? last : `${between} ${repeated(spreads, () => `...F${index + 1}`)}`;
    return `fragment F${index} on User { ${inner} }`;
  });

const entities = (selection: string) =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;

const twoLists = (selection: string) => `query ($a: [_Any!]!, $b: [_Any!]!) {
  a: _entities(representations: $a) { ${selection} } b: _entities(representations: $b) { ${selection} }
}`;

export const documents: readonly Attack[] = [
  ...rows('400 GRAPHQL_PARSE_FAILED', {
    'more fields than tokens are allowed': query(`{ ${'__typename '.repeat(TOO_MANY)} }`),
    'more aliases than tokens are allowed': query(
      `{ ${repeated(TOO_MANY, (index) => `a${index}: __typename`)} }`,
    ),
    '4 MB of one field': query(`{ ${'a '.repeat(2_000_000)} }`),
    'fields that are nested beyond the limit': query(nested(TOO_MANY, '{a', '', '}')),
    '100,000 opening braces': query('{'.repeat(100_000)),
    '100,000 opening brackets of a list': query(`{ a(b: ${'['.repeat(100_000)}`),
    'lists as deep as the tokens allow': query(`{ a(b: ${nested(2_480, '[', '', ']')}) }`),
    'objects without end': query(`{ a(b: ${'{a:'.repeat(100_000)}`),
    'a type of a variable that is a list of lists without end': query(
      `query ($a: ${'['.repeat(100_000)}`,
    ),
    'more directives than tokens are allowed': query(
      `{ __typename ${'@include(if: true) '.repeat(TOO_MANY)} }`,
    ),
    'more definitions than tokens are allowed': query(
      repeated(TOO_MANY, (index) => `query A${index} { __typename }`),
    ),
    '100,000 users in literals': query(
      `{ machinesByUser(userNames: [${'"user1" '.repeat(100_000)}]) { userName } }`,
    ),
    'a string that does not end': query(`{ a(b: "${'x'.repeat(1_000_000)}`),
    'a block string that does not end': query(`{ a(b: """${'"" '.repeat(100_000)}`),
    'a null byte': query('{ __typename \0 }'),
    'control characters': query('{ __typename \u0001\u0007\u001b }'),
    'a surrogate on its own': query('{ a(b: "\ud800") }'),
    'an escape of a code point that there is not': query('{ a(b: "\\u{110000}") }'),
    'letters of other scripts': query('{ __tуpename }'),
    'only a comment': query('# nothing'),
    'a comment of 3 MB': query(`#${'x'.repeat(3_000_000)}`),
    'a number that never ends its exponent': query('{ a(b: 1e) }'),
    'a list of 1 MB of digits and a letter': query(`{ a(b: ${'9'.repeat(1_000_000)}x) }`),
    'another language': query("'; DROP TABLE users; --"),
    'a template': query('{{7*7}}${7*7}<%= 7*7 %>'),
  }),
  ...rows('400 GRAPHQL_VALIDATION_FAILED', {
    'one field, as often as the tokens allow': query(`{ ${'__typename '.repeat(4_990)} }`),
    'one field with a selection, as often as the tokens allow': query(
      `{ ${'_service { sdl } '.repeat(1_240)} }`,
    ),
    'one field in inline fragments': query(`{ ${'...{ _service { sdl } } '.repeat(700)} }`),
    'inline fragments, one in another': query(`{ ${nested(1_240, '... { __typename ', '', '}')} }`),
    'fields that are nested as deep as the tokens allow': query(nested(1_650, '{a', '', '}')),
    'many fragments that overlap in pairs': query(
      `{ ${repeated(450, (index) => `...F${index}`)} } ${repeated(450, (index) => `fragment F${index} on Query { __typename }`)}`,
    ),
    'a fragment that spreads itself': query(
      entities('...F') + 'fragment F on User { id ...F }',
      USERS,
    ),
    'two fragments that spread each other': query(
      `${entities('...F')} fragment F on User { ...G } fragment G on User { ...F }`,
      USERS,
    ),
    'a circle of 400 fragments': query(
      `${entities('...F0')} ${repeated(400, (index) => `fragment F${index} on User { id ...F${(index + 1) % 400} }`)}`,
      USERS,
    ),
    'fragments that double 300 times': query(`${entities('...F0')} ${chain(300, 2, 'id')}`, USERS),
    'fragments that double 300 times, in two lists': query(
      `${twoLists('...F0')} ${chain(300, 2, 'id')}`,
      { a: USERS.representations, b: USERS.representations },
    ),
    'fragments that multiply by ten': query(
      `${entities('...F0')} ${chain(150, 10, 'machineCount')}`,
      USERS,
    ),
    'fragments that double, with fields between': query(
      `${entities('...F0')} ${chain(200, 2, 'id', 'machineCount machineCount')}`,
      USERS,
    ),
    '400 directives that there are not': query(`{ __typename ${'@a '.repeat(400)} }`),
    '400 times the same directive': query(`{ __typename ${'@skip(if: false) '.repeat(400)} }`),
    'a directive of the schema in a query': query('{ __typename @key(fields: "id") }'),
    '1,000 fields that there are not': query(
      `{ ${repeated(1_000, (index) => `machinesByUsex${index}`)} }`,
    ),
    'a field that is nearly there': query('{ machinesByUsr(userNames: []) { userName } }'),
    'an argument that is nearly there': query('{ machinesByUser(userName: []) { userName } }'),
    'a type that is nearly there': query('{ ...F } fragment F on Qery { __typename }'),
    'a value of an enum that is nearly there': query(
      '{ machinesByUser(userNames: []) { machineCount(filter: { riskScore: [HIHG] }) } }',
    ),
    'a key of an input that is nearly there': query(
      '{ machinesByUser(userNames: []) { machineCount(filter: { riskScor: [HIGH] }) } }',
    ),
    'a field of a device that is nearly there': query(
      '{ machinesByUser(userNames: []) { machines { computerDnsNam } } }',
    ),
    'a field of 1 MB': query(`{ ${'a'.repeat(1_000_000)} }`),
    'prototype keys as fields': query('{ __proto__ constructor toString hasOwnProperty }'),
    'prototype keys as fragments': query('{ ...__proto__ ...constructor }'),
    'prototype keys as arguments': query(
      '{ machinesByUser(__proto__: 1, constructor: 2) { userName } }',
    ),
    'prototype keys as types': query('query ($a: __proto__, $b: constructor) { __typename }'),
    'the whole schema by introspection': query('{ __schema { types { name fields { name } } } }'),
    'one type by introspection': query('{ __type(name: "Machine") { fields { name } } }'),
    'introspection behind an alias and a fragment': query(
      '{ ...F } fragment F on Query { a: __schema { queryType { name } } }',
    ),
    'introspection that goes round': query(
      `{ __schema { types { ${nested(40, 'fields { type { ', 'name', '} } ')} } } }`,
    ),
    'a definition of a type': query('type Query { a: Int } { __typename }'),
    'an extension of a type': query('extend type Query { a: Int }'),
    '1,500 variables that nobody uses': query(
      `query (${repeated(900, (i) => `$v${i}: Int`)}) { __typename }`,
    ),
    'a variable twice': query('query ($a: Int, $a: Int) { __typename }'),
    'two operations without names': query('{ __typename } { __typename }'),
    '600 operations without names': query('{ __typename } '.repeat(600)),
    'number, text, list, object and null for names': query(
      `{ ${['1', '"a"', '[1]', '{a: 1}', 'null', '[null]', 'A', 'true'].map((value, index) => `a${index}: machinesByUser(userNames: ${value}) { machines { x } }`).join(' ')} }`,
    ),
    'a byte order mark in the middle': query('{ __type\ufeffname }'),
    '3 MB that read like suggestions': query(
      `{ machinesByUser(userNames: []) { machineCount(filter: { riskScore: ["${'Did you mean '.repeat(230_000)}"] }) } }`,
    ),
    '15 fields under one alias of 200 kB': query(
      `{ machinesByUser(userNames: []) { machines { ${[...MACHINE_FIELDS].map((field) => `${'a'.repeat(200_000)}: ${field}`).join(' ')} } } }`,
    ),
    'a whole number beyond 32 bits': query(
      '{ machinesByUser(userNames: []) { machines(first: 99999999999) { id } } }',
    ),
    'a whole number as 1e999': query(
      '{ machinesByUser(userNames: []) { machines(first: 1e999) { id } } }',
    ),
    'two queries of one name that differ in arguments': query(
      '{ machinesByUser(userNames: ["a"]) { userName } machinesByUser(userNames: ["b"]) { userName } }',
    ),
  }),
  ...rows('200 BAD_USER_INPUT', {
    '1,600 aliases over 40 users': query(
      `query ($names: [String!]!) { machinesByUser(userNames: $names) { ${repeated(1_600, (index) => `a${index}: machineCount`)} } }`,
      { names: Array.from({ length: 40 }, () => 'user1') },
    ),
    'aliases of the list': query(
      `query ($names: [String!]!) { ${repeated(300, (index) => `a${index}: machinesByUser(userNames: $names) { userName }`)} }`,
      { names: Array.from({ length: 1_000 }, (_, index) => `user${index}`) },
    ),
    'aliases that repeat a name of 10 kB': query(
      `query ($names: [String!]!) { machinesByUser(userNames: $names) { ${repeated(1_600, (index) => `a${index}: userName`)} } }`,
      { names: Array.from({ length: 40 }, () => 'x'.repeat(10_000)) },
    ),
    'an alias of 100 kB over 1,000 users': query(
      `query ($names: [String!]!) { machinesByUser(userNames: $names) { ${'a'.repeat(100_000)}: userName } }`,
      { names: Array.from({ length: 1_000 }, () => 'user1') },
    ),
    'a filter of 4,000 values over 1,000 users': query(
      `query ($names: [String!]!) { machinesByUser(userNames: $names) { machineCount(filter: { osPlatform: [${'"a" '.repeat(4_000)}] }) } }`,
      { names: Array.from({ length: 1_000 }, () => 'user1') },
    ),
    '4,900 names in a literal, none of which can be one': query(
      `{ machinesByUser(userNames: [${'"../.." '.repeat(4_900)}]) { machineCount } }`,
    ),
  }),
  ...rows('200 OPERATION_RESOLUTION_FAILURE', {
    'a mutation': query('mutation { deleteEverything }'),
    'a subscription': query('subscription { machines { id } }'),
  }),
  ...rows('200', {
    'a chain of 400 fragments': query(`${entities('...F0')} ${chain(400, 1, 'id')}`, USERS),
    'the same fragment 1,000 times': query(
      `${entities('...F '.repeat(1_000))} fragment F on User { id }`,
      USERS,
    ),
    'aliases of the schema, as often as the tokens allow': query(
      `{ ${repeated(600, (index) => `a${index}: __typename`)} }`,
    ),
    'an alias of 1 MB': query(`{ ${'a'.repeat(1_000_000)}: __typename }`),
    'prototype keys as aliases': query('{ __proto__: __typename constructor: __typename }'),
    'a name of an operation of 1 MB': query(`query ${'a'.repeat(1_000_000)} { __typename }`),
  }),
  ...rows('400 OPERATION_RESOLUTION_FAILURE', {
    'an operation that there is not': request({
      body: { query: 'query A { __typename }', operationName: 'B' },
    }),
    'an operation by the name of a prototype key': request({
      body: { query: 'query A { __typename }', operationName: '__proto' },
    }),
    '700 operations and no name': query(repeated(700, (index) => `query A${index} { __typename }`)),
    'a name of 1 MB for no operation': request({
      body: { query: 'query A { __typename }', operationName: 'B'.repeat(1_000_000) },
    }),
  }),
];
