import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { readFileSync } from 'node:fs';

/** How the supergraph keys its User: one schema file in `directory/` for each. */
export type DirectoryKey = 'id' | 'userPrincipalName' | 'id-requires-upn';

export interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly department?: string;
  readonly jobTitle?: string;
}

interface Wanted {
  readonly search?: string | null;
  readonly ids?: readonly string[] | null;
  readonly first?: number | null;
  readonly offset?: number | null;
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
      users: (_: unknown, { search, ids, first, offset }: Wanted) => {
        const asked = ids ? new Set(ids) : undefined;
        const skip = offset ?? 0;
        return users
          .filter(
            (person) => (asked?.has(person.id) ?? true) && holds(person, folded(search ?? '')),
          )
          .slice(skip, skip + (first ?? users.length));
      },
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
    // Apollo's page for browsers loads from a host of Apollo's.
    plugins: [ApolloServerPluginInlineTraceDisabled(), ApolloServerPluginLandingPageDisabled()],
  });
  const { url } = await startStandaloneServer(server, { listen: { host, port } });
  return { url, close: () => server.stop() };
}

function holds({ displayName, userPrincipalName, department }: Person, part: string): boolean {
  if (part === '') return true;
  return [displayName, userPrincipalName, department].some((text) =>
    folded(text ?? '').includes(part),
  );
}

/** Without case and accents, so that `muller` finds Müller. */
function folded(text: string): string {
  return text.trim().normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
