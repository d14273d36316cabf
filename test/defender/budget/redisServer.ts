import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';

/** Whether this machine has a redis-server. Where CI is set it must, so that nothing is skipped there unseen. */
export function hasRedisServer(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true;
  if (process.env.CI) throw new Error('CI needs redis-server: install it');
  process.stderr.write('No redis-server on this machine: what needs one is skipped.\n');
  return false;
}

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Kills it; what it held is lost. */
  stop(): Promise<void>;
}

/** A real Redis of one's own on a free port of this machine, or on a given one, that writes nothing to disk. */
export async function startRedisServer(
  given?: number,
  ...options: readonly string[]
): Promise<RedisServer> {
  const port = given ?? (await freePort());
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', [...args, ...options], { stdio: 'ignore' });
  await untilReady(port, server);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
  };
}

async function untilReady(port: number, server: ChildProcess): Promise<void> {
  const redis = new Redis({
    port,
    protocol: 2,
    retryStrategy: (attempts) => (attempts < 500 ? 20 : null),
    maxRetriesPerRequest: null,
  });
  redis.on('error', () => {});
  const onExit = () => redis.disconnect();
  server.once('exit', onExit);
  try {
    await redis.ping();
  } finally {
    server.off('exit', onExit);
    redis.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
