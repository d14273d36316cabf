import { ApolloGateway, IntrospectAndCompose, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';

export interface GatewayOptions {
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Such as a landing page: Apollo's own, the default outside production, loads from a host of Apollo's. */
  readonly plugins?: readonly ApolloServerPlugin[];
}

/** The headers that the machines need of each caller. */
const PROPAGATED = ['authorization', 'x-defender-priority'];

/** Milliseconds; longer than REQUEST_DEADLINE_SECONDS of the machines, which then answer with what they have. */
const SUBGRAPH_TIMEOUT = 30_000;

interface GatewayContext {
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * An Apollo Gateway on 127.0.0.1 over running subgraphs, whose supergraph it composes at start. It hands each caller's
 * Authorization header on to every subgraph, and the priority: that is all that the machines need from a router.
 * Rejects when a subgraph can't be reached or the subgraphs don't compose.
 */
export async function startGateway({ subgraphs, port = 0, plugins = [] }: GatewayOptions) {
  // The gateway's only switch for its metrics, which it would else send to Apollo.
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';

  const gateway = new ApolloGateway({
    supergraphSdl: new IntrospectAndCompose({ subgraphs: subgraphs.map((each) => ({ ...each })) }),
    buildService: ({ url }) =>
      new RemoteGraphQLDataSource<GatewayContext>({
        ...(url === undefined ? {} : { url }),
        // The gateway's own has no time limit.
        fetcher: (to, init) =>
          // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- packages beside have DOM's types
          fetch(to, { ...init, signal: AbortSignal.timeout(SUBGRAPH_TIMEOUT) } as RequestInit),
        willSendRequest({ request, context }) {
          for (const name of PROPAGATED) {
            const value = context.headers?.[name];
            if (typeof value === 'string') request.http?.headers.set(name, value);
          }
        },
      }),
  });
  const server = new ApolloServer<GatewayContext>({
    gateway,
    // Whoever started it ends it.
    stopOnTerminationSignals: false,
    plugins: [ApolloServerPluginUsageReportingDisabled(), ...plugins],
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port },
    context: async ({ req }) => ({ headers: req.headers }),
  });
  return { url, close: () => server.stop() };
}
