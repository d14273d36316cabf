import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What happens to the bytes between a client and its server: pass; pass late; connections are reset, now and when made;
 * bytes do not arrive while connections stay; the server's side closes and the client's stays.
 */
type Fault = 'none' | { readonly delayMilliseconds: number } | 'reset' | 'blackHole' | 'halfOpen';

export interface FaultProxy {
  readonly port: number;
  set(fault: Fault): void;
  /** Leads to another server from now on, as an address does that a failover has moved. */
  leadTo(port: number): void;
  /** Connections that clients have made so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/** Stands between a client and the server at a port of this machine. */
export async function startFaultProxy(first: number): Promise<FaultProxy> {
  let target = first;
  let fault: Fault = 'none';
  let connections = 0;
  /** Bytes of a black hole: TCP sends them again once it can. */
  const held: (() => void)[] = [];
  const pairs = new Map<Socket, Socket>();

  const server = createServer((client) => {
    connections += 1;
    client.on('error', () => {});
    if (fault === 'reset') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    upstream.on('error', () => client.destroy());
    pairs.set(client, upstream);
    forward(client, upstream);
    forward(upstream, client);
    client.on('close', () => {
      pairs.delete(client);
      upstream.destroy();
    });
    upstream.on('close', () => {
      if (fault !== 'halfOpen') client.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  function forward(from: Socket, to: Socket): void {
    const pass = (bytes: Buffer) => {
      if (!to.destroyed) to.write(bytes);
    };
    from.on('data', (bytes) => {
      if (fault === 'blackHole' || fault === 'halfOpen') held.push(() => pass(bytes));
      else if (typeof fault === 'object') setTimeout(() => pass(bytes), fault.delayMilliseconds);
      else pass(bytes);
    });
  }

  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      fault = next;
      if (fault === 'none') for (const send of held.splice(0)) send();
      for (const [client, upstream] of pairs) {
        if (fault === 'reset') client.resetAndDestroy();
        if (fault === 'halfOpen') upstream.destroy();
      }
    },
    leadTo(port) {
      target = port;
      for (const client of pairs.keys()) client.resetAndDestroy();
    },
    get connections() {
      return connections;
    },
    async close() {
      server.close();
      for (const client of pairs.keys()) client.destroy();
      await once(server, 'close');
    },
  };
}
