import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { readFileSync } from 'node:fs';

/** How the supergraph keys its User: one schema file in `directory/` for each. */
export type DirectoryKey = 'id' | 'userPrincipalName' | 'id-requires-upn';

interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
}

export interface DirectoryOptions {
  readonly users: readonly Person[];
  readonly userKey: DirectoryKey;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
}

/** A subgraph that owns User: what a supergraph has beside the machines. */
export async function startDirectory({
  users,
  userKey,
  host = '127.0.0.1',
  port = 0,
}: DirectoryOptions) {
  const keyField = userKey === 'userPrincipalName' ? 'userPrincipalName' : 'id';
  const byId = new Map(users.map((person) => [person.id, person]));
  const byKey = new Map(users.map((person) => [person[keyField], person]));

  const resolvers = {
    Query: {
      users: (_: unknown, { first }: { first?: number | null }) =>
        users.slice(0, first ?? undefined),
      user: (_: unknown, { id }: { id: string }) => byId.get(id) ?? null,
    },
    User: {
      // A copy, because @apollo/subgraph writes __typename into what it is given.
      __resolveReference: async (reference: Readonly<Record<string, string>>) => {
        const person = byKey.get(reference[keyField] ?? '');
        return person ? { ...person } : null;
      },
    },
  };
  const typeDefs = parse(
    readFileSync(new URL(`./directory/${userKey}.graphql`, import.meta.url), 'utf8'),
  );
  const server = new ApolloServer({
    schema: buildSubgraphSchema({ typeDefs, resolvers }),
    // Whoever started it ends it.
    stopOnTerminationSignals: false,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  const { url } = await startStandaloneServer(server, { listen: { host, port } });
  return { url, close: () => server.stop() };
}
