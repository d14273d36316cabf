import { afterEach, describe, expect, test } from '@jest/globals';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { startDirectory, type DirectoryKey } from '../../examples/supergraph/directory.ts';
import { startGateway } from '../../examples/supergraph/gateway.ts';

interface Echo {
  readonly authorization: string | null;
}

const users = ['ada', 'grace', 'mary'].map((name, index) =>
  Object.freeze({
    id: `00000000-0000-0000-0000-00000000000${index}`,
    displayName: name.toUpperCase(),
    userPrincipalName: `${name}@contoso.com`,
    ...(name === 'ada' && { department: 'Computing' }),
  }),
);
const [ada, grace] = users;

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of running.splice(0).toReversed()) {
    await server.close();
  }
});

async function directory(userKey: DirectoryKey): Promise<string> {
  const started = await startDirectory({ users, userKey });
  running.push(started);
  return started.url;
}

async function ask(
  url: string,
  query: string,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

describe('the directory', () => {
  test('has no page for a browser, which would load from elsewhere', async () => {
    const page = await fetch(await directory('id'), { headers: { accept: 'text/html' } });
    expect([page.status, await page.text()]).toEqual([400, expect.not.stringContaining('<')]);
  });

  test('lists users and finds one', async () => {
    const url = await directory('id');
    const query = `{ users(first: 2) { displayName } user(id: "${grace?.id}") { userPrincipalName } }`;
    expect(await ask(url, query)).toEqual({
      data: {
        users: [{ displayName: 'ADA' }, { displayName: 'GRACE' }],
        user: { userPrincipalName: 'grace@contoso.com' },
      },
    });
  });

  test.each(['id', 'userPrincipalName', 'id-requires-upn'] as const)(
    'searches names, accounts and departments, and pages, with the key %s',
    async (userKey) => {
      const url = await directory(userKey);
      const found = async (wanted: string) => {
        const answer = await ask(url, `{ users(${wanted}) { displayName } }`);
        const { data } = answer as { data: { users: { displayName: string }[] } };
        return data.users.map(({ displayName }) => displayName);
      };
      expect(await found('search: "GRÀCE"')).toEqual(['GRACE']);
      expect(await found('search: "ada@"')).toEqual(['ADA']);
      expect(await found('search: "computing"')).toEqual(['ADA']);
      expect(await found('search: ""')).toEqual(['ADA', 'GRACE', 'MARY']);
      expect(await found('search: "nobody"')).toEqual([]);
      expect(await found('first: 1, offset: 1')).toEqual(['GRACE']);
      expect(await found('search: "a", first: 2, offset: 1')).toEqual(['GRACE', 'MARY']);
      expect(await found(`ids: ["${grace?.id}", "nobody"]`)).toEqual(['GRACE']);
    },
  );

  test.each([
    ['id', `id: "${ada?.id}"`, 'id: "nobody"'],
    ['id-requires-upn', `id: "${ada?.id}"`, 'id: "nobody"'],
    [
      'userPrincipalName',
      'userPrincipalName: "ada@contoso.com"',
      'userPrincipalName: "nobody@contoso.com"',
    ],
  ] as const)(
    'with the key %s resolves entities, more than once',
    async (userKey, known, unknown) => {
      const url = await directory(userKey);
      const representations = [known, unknown, known].map(
        (key) => `{ __typename: "User", ${key} }`,
      );
      const query = `{ _entities(representations: [${representations.join()}]) { ... on User { displayName } } }`;
      const expected = {
        data: { _entities: [{ displayName: 'ADA' }, null, { displayName: 'ADA' }] },
      };
      expect(await ask(url, query)).toEqual(expected);
      expect(await ask(url, query)).toEqual(expected);
    },
  );
});

describe('the gateway', () => {
  test('answers from the subgraphs that it composed', async () => {
    const gateway = await startGateway({
      subgraphs: [{ name: 'directory', url: await directory('id') }],
    });
    running.push(gateway);
    expect(await ask(gateway.url, '{ users { displayName } }')).toEqual({
      data: { users: [{ displayName: 'ADA' }, { displayName: 'GRACE' }, { displayName: 'MARY' }] },
    });
  });

  test('hands the Authorization header of each request on to a subgraph, and no other', async () => {
    const schema = buildSubgraphSchema([
      {
        typeDefs: parse('type Query { authorization: String }'),
        resolvers: {
          Query: {
            authorization: (_: unknown, __: unknown, context: Echo) => context.authorization,
          },
        },
      },
    ]);
    const echo = new ApolloServer<Echo>({
      schema,
      plugins: [ApolloServerPluginInlineTraceDisabled()],
    });
    const { url } = await startStandaloneServer(echo, {
      listen: { host: '127.0.0.1', port: 0 },
      context: async ({ req }) => ({ authorization: req.headers.authorization ?? null }),
    });
    running.push({ close: () => echo.stop() });
    const gateway = await startGateway({ subgraphs: [{ name: 'echo', url }] });
    running.push(gateway);
    const heard = (headers?: Record<string, string>) =>
      ask(gateway.url, '{ authorization }', headers);
    expect(await heard({ authorization: 'Bearer one' })).toEqual({
      data: { authorization: 'Bearer one' },
    });
    expect(await heard({ authorization: 'Bearer two' })).toEqual({
      data: { authorization: 'Bearer two' },
    });
    expect(await heard()).toEqual({ data: { authorization: null } });
  });

  test('does not start over a subgraph that is out of reach', async () => {
    const url = await directory('id');
    await running.pop()?.close();
    await expect(startGateway({ subgraphs: [{ name: 'directory', url }] })).rejects.toThrow(
      'directory',
    );
  });
});
