import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { announce } from '../entities/child.ts';
import type { Context, CreateContext } from './lookup.ts';
import { createSubgraphSchema } from './subgraph.ts';

/** Apollo Server as its documentation starts it. */
export async function serveStandalone(contextOf: CreateContext): Promise<void> {
  const apollo = new ApolloServer<Context>({ schema: createSubgraphSchema() });
  const { url } = await startStandaloneServer(apollo, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req }) => contextOf(req.headers.authorization),
  });
  announce(new URL('/graphql', url).href);
}
