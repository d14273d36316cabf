import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Road } from './stage.ts';

export const MODES = ['forward', 'on-behalf-of'] as const;

type Mode = (typeof MODES)[number];

export interface Desk {
  /** Such as http://127.0.0.1:4321. */
  readonly url: string;
  close(): Promise<void>;
}

export interface DeskParts {
  readonly roads: Readonly<Record<Mode, Road>>;
  /** By caller. */
  readonly tokens: Readonly<Record<Mode, ReadonlyMap<string, string>>>;
}

/**
 * Short addresses for long tokens of the emulator, on 127.0.0.1: `/{mode}/{caller}` leads to the supergraph's GraphiQL
 * with a token, `/{mode}/{caller}/subgraph` to that of the subgraph, and `/{mode}/{caller}/token` is the token.
 */
export async function openDesk({ roads, tokens }: DeskParts): Promise<Desk> {
  const places = new Map<string, { readonly text: string } | { readonly location: string }>();
  for (const mode of MODES) {
    const { gateway, machines } = roads[mode];
    for (const [caller, token] of tokens[mode]) {
      // A fragment stays in the browser: it is neither sent nor logged.
      const fragment = new URLSearchParams({ token, as: caller }).toString();
      places.set(`/${mode}/${caller}`, { location: `${gateway}#${fragment}` });
      places.set(`/${mode}/${caller}/subgraph`, { location: `${machines}#${fragment}` });
      places.set(`/${mode}/${caller}/token`, { text: token });
    }
  }
  const server = createServer((request, response) => {
    const place = places.get(request.url ?? '');
    response.setHeader('cache-control', 'no-store');
    if (!place) response.writeHead(404).end(`There are ${[...places.keys()].join(', ')}\n`);
    else if ('location' in place) response.writeHead(302, place).end();
    else response.writeHead(200, { 'content-type': 'text/plain' }).end(place.text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
