import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolveInfo } from 'graphql';
import { machinesTypeDefs } from './subgraph.ts';

interface WithCacheHint {
  readonly cacheControl: { readonly cacheHint: { restrict(hint: { maxAge: number }): void } };
}

const hasCacheHint = (info: object): info is WithCacheHint => 'cacheControl' in info;

interface Asked {
  readonly id: string;
}

/** What a resolver does that knows how long its answer may still be kept: here, the id says it in seconds. */
function restrictTo({ id: seconds }: Asked, info: GraphQLResolveInfo) {
  if (hasCacheHint(info) && seconds !== 'unrestricted') {
    info.cacheControl.cacheHint.restrict({ maxAge: Number(seconds) });
  }
}

const fields = {
  machines(user: Asked, _: unknown, __: unknown, info: GraphQLResolveInfo) {
    restrictTo(user, info);
    return [{ id: 'device', ipAddresses: [{ ipAddress: '10.0.0.8' }], vmMetadata: { vmId: 'vm' } }];
  },
  machineCount(user: Asked, _: unknown, __: unknown, info: GraphQLResolveInfo) {
    restrictTo(user, info);
    return 1;
  },
  machinesFreshness(user: Asked, _: unknown, __: unknown, info: GraphQLResolveInfo) {
    restrictTo(user, info);
    return { asOf: '2025-01-02T03:04:05.1234567Z', source: 'LIVE', complete: true };
  },
};

const EVERYTHING = `
  machines { id ipAddresses { ipAddress } vmMetadata { vmId } }
  machineCount
  machinesFreshness { asOf source complete }
`;

describe('the cache-control header', () => {
  const server = new ApolloServer({
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    schema: buildSubgraphSchema({
      typeDefs: machinesTypeDefs('id'),
      resolvers: {
        Query: {
          machinesByUser: (_: unknown, { userNames }: { userNames: readonly string[] }) =>
            userNames.map((id) => ({ id, userName: id })),
        },
        User: fields,
        UserMachines: fields,
      },
    }),
  });
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  async function headerFor(query: string) {
    const { http, body } = await server.executeOperation({ query });
    expect(body).toMatchObject({ kind: 'single', singleResult: { data: expect.anything() } });
    expect(body.kind === 'single' && body.singleResult.errors).toBeUndefined();
    return http.headers.get('cache-control');
  }

  const entities = (ids: readonly string[], selection: string) =>
    headerFor(`{ _entities(representations: [${ids.map((id) => `{ __typename: "User", id: "${id}" }`).join()}]) {
      ... on User { ${selection} }
    } }`);

  test('of entities is private, and as long as the resolvers allow', async () => {
    expect(await entities(['42'], EVERYTHING)).toBe('max-age=42, private');
  });

  test('of many entities is as long as the shortest of them allows', async () => {
    expect(await entities(['42', '7', '99'], EVERYTHING)).toBe('max-age=7, private');
  });

  test.each(['machines { id }', 'machineCount', 'machinesFreshness { asOf }'])(
    'of { %s } alone heeds its resolver',
    async (selection) => {
      expect(await entities(['42'], selection)).toBe('max-age=42, private');
    },
  );

  test('of machinesByUser is private, and as long as the resolvers allow', async () => {
    expect(
      await headerFor(`{ machinesByUser(userNames: ["42", "7"]) { userName ${EVERYTHING} } }`),
    ).toBe('max-age=7, private');
  });

  test('is five minutes where no resolver says less', async () => {
    expect(await entities(['unrestricted'], EVERYTHING)).toBe('max-age=300, private');
  });

  test('is never longer than five minutes', async () => {
    expect(await entities(['86400'], EVERYTHING)).toBe('max-age=300, private');
  });

  test('forbids keeping an answer that expires at once', async () => {
    expect(await entities(['0'], EVERYTHING)).toBe('no-store');
  });
});
