import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A server that hears what is sent to it, and hands it on to `target` where there is one. */
export interface Wiretap {
  readonly url: string;
  readonly headers: readonly IncomingHttpHeaders[];
  /** Bodies of requests, byte by byte. */
  readonly bodies: readonly string[];
  close(): Promise<void>;
}

export async function startWiretap(target?: string): Promise<Wiretap> {
  const headers: IncomingHttpHeaders[] = [];
  const bodies: string[] = [];
  const server = createServer((incoming, outgoing) => {
    headers.push(incoming.headers);
    if (target === undefined) {
      const hear = async () => {
        bodies.push((await buffer(incoming)).toString('latin1'));
        outgoing.end();
      };
      void hear();
      return;
    }
    const { method, headers: sent } = incoming;
    const onward = request(new URL(incoming.url ?? '', target), { method, headers: sent });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    bodies,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
