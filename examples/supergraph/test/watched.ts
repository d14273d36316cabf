import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A question of a router to a subgraph. */
export interface Seen {
  readonly query: string;
  /** How many users its `_entities` asks for; undefined where it asks for none. */
  readonly representations: number | undefined;
  readonly authorization: string | undefined;
  readonly priority: string | undefined;
}

export interface Watched {
  /** The subgraph, as a router is to reach it. */
  readonly url: string;
  /** Since the last time that it was emptied. */
  readonly seen: Seen[];
  /** Passes on to another subgraph of the same schema from now on. */
  turnTo(url: string): void;
  close(): Promise<void>;
}

/** Stands between a router and a subgraph, passes everything on as it is and notes what was asked for but the schema. */
export async function watch(subgraph: string): Promise<Watched> {
  let target = subgraph;
  const seen: Seen[] = [];
  const server = http.createServer((incoming, outgoing) => void passOn(incoming, outgoing));

  async function passOn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const question = noted(incoming, body);
    // Grafbase asks for the schema again and again, to take up a new one.
    if (!/_service|__schema/.test(question.query)) seen.push(question);
    const { method, headers } = incoming;
    http
      .request(target, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      })
      .on('error', () => outgoing.destroy())
      .end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${new URL(subgraph).pathname}`,
    seen,
    turnTo(url) {
      target = url;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function noted({ headers }: IncomingMessage, body: Buffer): Seen {
  const { query = '', variables = {} } = JSON.parse(body.toString()) as {
    query?: string;
    variables?: Record<string, unknown>;
  };
  const lists = Object.values(variables).filter(Array.isArray);
  const priority = headers['x-defender-priority'];
  return {
    query,
    representations: query.includes('_entities') ? lists[0]?.length : undefined,
    authorization: headers.authorization,
    priority: Array.isArray(priority) ? priority.join() : priority,
  };
}
