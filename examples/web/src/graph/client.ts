import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import type { Session } from '../signIn/session.ts';

/**
 * A client for one caller. Another caller gets a client of their own, so that no answer, not even one that is still on
 * its way, can reach a cache that somebody else reads.
 */
export function createClient(session: Session): ApolloClient {
  const authorized = new SetContextLink(async ({ headers }) => ({
    headers: { ...headers, authorization: `Bearer ${await session.token()}` },
  }));
  return new ApolloClient({
    link: authorized.concat(new HttpLink({ uri: '/graphql' })),
    cache: new InMemoryCache({
      typePolicies: {
        Query: {
          fields: {
            users: {
              keyArgs: ['search', 'ids'],
              // Each page of a search goes to its place behind those before it.
              merge: (
                existing: readonly unknown[] = [],
                incoming: readonly unknown[],
                { args },
              ) => {
                const offset = Number(args?.['offset'] ?? 0);
                return [...existing.slice(0, offset), ...incoming];
              },
            },
          },
        },
        // Read together from Defender, so replaced together.
        Freshness: { keyFields: false },
        DefenderBudget: { keyFields: false },
        User: { fields: { machinesFreshness: { merge: false } } },
      },
    }),
  });
}
