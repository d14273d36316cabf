import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

export interface Started {
  readonly url: string;
  close(): Promise<void>;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly url: string;
  /** What it prints as soon as it answers. */
  readonly whenItSays: string;
}

/** Starts a router as a process of its own, as its users do. Rejects with what it printed where it ends before it answers. */
export async function startChild(options: ChildOptions): Promise<Started> {
  const { command, args, env, cwd, url, whenItSays } = options;
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let printed = '';
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes(whenItSays)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    void ended.then(() => reject(new Error(`${command} ended before it answered:\n${printed}`)));
  });
  return {
    url,
    async close() {
      child.kill();
      await ended;
    },
  };
}

/** A port that nobody listens on: these routers take no port 0. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
