import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One request for devices, and what came of it. */
interface Round {
  /** Milliseconds since the epoch, by the clock that was handed in. */
  readonly at: number;
  readonly names: readonly string[];
  readonly priority: string | undefined;
  /** The seconds that were told, by name. */
  readonly told: ReadonlyMap<string, number>;
}

export interface Recorder {
  readonly url: string;
  readonly rounds: readonly Round[];
  /** Names that were asked for before their time had come. */
  readonly tooEarly: readonly string[];
  /** When all that was asked is answered, whoever still listens. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly target: string;
  readonly now: () => number;
  /** Comes between a request for devices, counted from 1, and the service. */
  readonly before?: (round: number) => Promise<void>;
}

interface Asked {
  readonly query: string;
  readonly variables: { readonly userNames?: readonly string[] };
}

interface Answered {
  readonly errors?: readonly {
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly retryAfterSeconds?: number };
  }[];
}

/** Stands between a client and the service, hands on what both say, and writes down who was asked for and when. */
export async function startRecorder({
  target,
  now,
  before = async () => {},
}: RecorderOptions): Promise<Recorder> {
  const rounds: Round[] = [];
  const tooEarly: string[] = [];
  const notBefore = new Map<string, number>();
  const handing = new Set<Promise<void>>();

  const server = createServer((request, response) => {
    const handed = hand(request, response);
    handing.add(handed);
    void handed.then(() => handing.delete(handed));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    rounds,
    tooEarly,
    async settled() {
      await Promise.all(handing);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };

  async function hand(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { query, variables } = JSON.parse(body) as Asked;
    const names = query.includes('machinesByUser') ? (variables.userNames ?? []) : undefined;
    const priority = request.headers['x-defender-priority'];
    if (names) await before(rounds.length + 1);
    const at = now();
    const answer = await fetch(target, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: request.headers.authorization ?? '',
        ...(typeof priority === 'string' && { 'x-defender-priority': priority }),
      },
      body,
    });
    const answered = await answer.text();
    if (names) record(names, String(priority), at, JSON.parse(answered) as Answered);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answered);
  }

  function record(
    names: readonly string[],
    priority: string,
    at: number,
    { errors = [] }: Answered,
  ): void {
    tooEarly.push(...names.filter((name) => at < (notBefore.get(name) ?? 0)));
    const told = new Map<string, number>();
    for (const { path, extensions } of errors) {
      const name = names[Number(path?.[1])];
      if (name === undefined || extensions.retryAfterSeconds === undefined) continue;
      told.set(name, extensions.retryAfterSeconds);
      notBefore.set(name, now() + extensions.retryAfterSeconds * 1_000);
    }
    rounds.push({ at, names, priority, told });
  }
}
