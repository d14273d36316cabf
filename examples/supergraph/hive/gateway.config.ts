import { defineConfig } from '@graphql-hive/gateway';

/** What the machines need of each caller. No other subgraph is sent the caller's Defender token. */
const PROPAGATED = ['authorization', 'x-defender-priority'];

/** For both of Hive Gateway's planners: `hive-gateway supergraph`, with `--hive-router-runtime` for the one in Rust. */
export const gatewayConfig = defineConfig({
  propagateHeaders: {
    fromClientToSubgraphs({ request, subgraphName }) {
      if (subgraphName !== 'machines') return {};
      const given = PROPAGATED.map((name) => [name, request.headers.get(name)] as const);
      return Object.fromEntries(
        given.filter((entry): entry is readonly [string, string] => entry[1] !== null),
      );
    },
  },
  // Milliseconds. Longer than REQUEST_DEADLINE_SECONDS of the machines, which then answer with what they have.
  upstreamTimeout: 30_000,
  requestDeadline: 35_000,
});
