import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../freePort.ts';

const BINARY = 'redis-server';

/** Whether this machine has a redis-server. Where CI is set it must, so that nothing is skipped there unseen. */
export function hasRedisServer(): boolean {
  if (spawnSync(BINARY, ['--version']).status === 0) return true;
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
  return start(port, ['--save', '', '--appendonly', 'no', ...options]);
}

/** A real cluster of one node. */
export async function startCluster(): Promise<RedisServer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'redis-'));
  const announced = ['--cluster-announce-ip', '127.0.0.1'];
  const options = ['--cluster-enabled', 'yes', ...announced, '--dir', directory];
  const server = await startRedisServer(undefined, ...options);
  const node = new Redis({ port: server.port, protocol: 2 });
  await node.cluster('ADDSLOTSRANGE', 0, 16_383);
  while (!(await node.cluster('INFO')).includes('cluster_state:ok')) await sleep(20);
  node.disconnect();
  return server;
}

/** A real replica that holds what `primary` holds, and follows it. */
export async function startReplica(primary: RedisServer): Promise<RedisServer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'redis-'));
  const source = new Redis(primary.url, { protocol: 2 });
  // It would write a file where the tests were started, and wait for other replicas that may come.
  await source.config('SET', 'repl-diskless-sync', 'yes', 'repl-diskless-sync-delay', '0');
  source.disconnect();
  const options = ['--replicaof', '127.0.0.1', `${primary.port}`, '--dir', directory];
  const replica = await startRedisServer(undefined, ...options);
  const client = new Redis(replica.url, { protocol: 2 });
  while (!(await client.info('replication')).includes('master_link_status:up')) await sleep(20);
  client.disconnect();
  return replica;
}

/** A real sentinel, configured by a file that it may write to. */
export async function startSentinel(configuration: string): Promise<RedisServer> {
  return start(await freePort(), ['--sentinel'], configuration);
}

async function start(port: number, options: string[], ...file: string[]): Promise<RedisServer> {
  const args = [...file, '--port', `${port}`, '--bind', '127.0.0.1', ...options];
  const server = spawn(BINARY, args, { stdio: 'ignore' });
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

/** Until it answers anything, if only that it wants a password. */
async function untilReady(port: number, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (server.exitCode !== null) break;
    const socket = connect(port, '127.0.0.1');
    socket.write('PING\r\n');
    const isReady = await once(socket, 'data').then(
      ([answer]) => !String(answer).startsWith('-LOADING'),
      () => false,
    );
    socket.destroy();
    if (isReady) return;
    await sleep(20);
  }
  server.kill('SIGKILL');
  throw new Error('redis-server did not start');
}
