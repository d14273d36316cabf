import { describe, expect, test } from '@jest/globals';
import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithTheGuild } from '@theguild/federation-composition';
import {
  buildSchema,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
  type GraphQLSchema,
} from 'graphql';
import { directorySdl, machinesSdl, USER_KEYS } from './subgraph.ts';

interface Composed {
  readonly problems: readonly string[];
  readonly hints: readonly string[];
  readonly api: GraphQLSchema | undefined;
}

function services(directory: string, machines: string) {
  return [
    { name: 'directory', url: 'http://127.0.0.1/directory', typeDefs: parse(directory) },
    { name: 'machines', url: 'http://127.0.0.1/machines', typeDefs: parse(machines) },
  ];
}

const composers: Record<string, (directory: string, machines: string) => Composed> = {
  '@apollo/composition'(directory, machines) {
    const { errors = [], hints = [], schema } = composeWithApollo(services(directory, machines));
    return {
      problems: errors.map(({ message }) => message),
      hints: hints.map(({ message }) => message),
      api: schema?.toAPISchema().toGraphQLJSSchema(),
    };
  },
  '@theguild/federation-composition'(directory, machines) {
    const result = composeWithTheGuild(services(directory, machines));
    return {
      problems: (result.errors ?? []).map(({ message }) => message),
      hints: [],
      api: result.publicSdl === undefined ? undefined : buildSchema(result.publicSdl),
    };
  },
};

const QUERY = parse('{ users(first: 3) { displayName machines { id } machineCount } }');

describe.each(Object.entries(composers))('%s', (_, compose) => {
  describe.each(USER_KEYS)('with a User keyed by %s', (userKey) => {
    test('composes the directory and the machines, and can answer a query over both', () => {
      const { problems, api } = compose(directorySdl(userKey), machinesSdl(userKey));
      expect(problems).toEqual([]);
      expect(api && validate(api, QUERY)).toEqual([]);
    });

    test('has nothing to hint at but the enum that the cacheControl directive brings along', () => {
      const { hints } = compose(directorySdl(userKey), machinesSdl(userKey));
      expect(
        hints.filter((hint) => !hint.includes('"CacheControlScope" is defined but unused')),
      ).toEqual([]);
    });

    test('composes beside a directory that describes User in words of its own', () => {
      const directory = directorySdl(userKey).replace('A person with an account', 'An employee');
      expect(compose(directory, machinesSdl(userKey)).problems).toEqual([]);
    });

    test('does not compose when the machines cannot be entered by the key', () => {
      const key = userKey === 'userPrincipalName' ? 'userPrincipalName' : 'id';
      const machines = machinesSdl(userKey).replace(
        `User @key(fields: "${key}")`,
        `User @key(fields: "${key}", resolvable: false)`,
      );
      expect(machines).not.toBe(machinesSdl(userKey));
      expect(compose(directorySdl(userKey), machines).problems.join()).toContain('User.machines');
    });
  });

  test('does not compose with a directory that neither has nor gives the field to key by', () => {
    const directory = directorySdl('id').replace('userPrincipalName: String!', 'mail: String!');
    expect(compose(directory, machinesSdl('userPrincipalName')).problems).not.toEqual([]);
    expect(compose(directory, machinesSdl('id-requires-upn')).problems).not.toEqual([]);
  });
});

test.each(USER_KEYS)('both composers offer clients the same graph, keyed by %s', (userKey) => {
  const [apollo, theGuild] = Object.values(composers).map((compose) => {
    const { api } = compose(directorySdl(userKey), machinesSdl(userKey));
    return api && printSchema(lexicographicSortSchema(api));
  });
  expect(apollo).toContain('machines(');
  expect(theGuild).toBe(apollo);
});
