import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { CERTIFICATE, PRIVATE_KEY } from './certificate.ts';

export interface Encrypted {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/** TLS before a server on the loopback interface: in production, plain http is taken for no address. */
export async function encrypted(plainUrl: string): Promise<Encrypted> {
  const { hostname, port } = new URL(plainUrl);
  const open = new Set<{ destroy(): unknown }>();
  const server = createServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (outer) => {
    const inner = connect(Number(port), hostname);
    for (const [one, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => open.delete(one));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
