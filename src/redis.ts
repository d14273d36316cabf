import { Cluster, Redis } from 'ioredis';

/** A server, one that sentinels name, or a cluster. */
export type RedisClient = Redis | Cluster;

const FORM = /^redis(s?)(?:\+(cluster|sentinel))?:\/\/(?:([^@/]*)@)?([^@/?]+)(?:\/([^/?]*))?$/;
/** Milliseconds. Commands have a shorter limit of their own; these are for connections that have died in silence. */
const DEAD = 2_000;

/**
 * Connects to the Redis or Valkey that a URL names, and again whenever the connection is lost; commands in between
 * reject at once.
 *
 * - `redis[s]://[user:password@]host[:port][/database]`
 * - `redis[s]+sentinel://[user:password@]host[:port],…/name`, where the password is for servers and sentinels
 * - `redis[s]+cluster://[user:password@]host[:port],…`
 *
 * With `rediss` the connection is TLS and the certificate is checked. Throws a TypeError for any other form.
 */
export function connectRedis(url: string, onLost: (error: unknown) => void): RedisClient {
  const redis = clientFor(url);
  redis.on('error', onLost);
  redis.on('close', () => onLost(new Error('the connection was closed')));
  return redis;
}

function clientFor(url: string): RedisClient {
  const [, tls, kind, credentials = '', hosts = '', path = ''] = FORM.exec(url) ?? [];
  if (!hosts) throw new TypeError('not a Redis URL');
  const nodes = hosts.split(',').map(nodeOf);
  const [username, password] = credentials.split(':').map(decodeURIComponent);
  const options = {
    // Version 3 would need Redis 6.
    protocol: 2 as const,
    connectTimeout: DEAD,
    socketTimeout: DEAD,
    disconnectTimeout: 200,
    ...(username && { username }),
    ...(password && { password }),
    ...(tls && { tls: {} }),
  };
  const atOnce = {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: delay,
  };
  switch (kind) {
    case 'cluster':
      return new Cluster(nodes, {
        redisOptions: options,
        enableOfflineQueue: false,
        clusterRetryStrategy: delay,
      });
    case 'sentinel':
      return new Redis({
        ...options,
        ...atOnce,
        sentinels: nodes,
        name: path,
        sentinelRetryStrategy: delay,
        ...(password && { sentinelPassword: password }),
        ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
      });
    default:
      return new Redis({ ...options, ...atOnce, ...nodes[0], ...(path && { db: Number(path) }) });
  }
}

function nodeOf(host: string): { host: string; port: number } {
  const [, name = host, port = '6379'] = /^(.+?)(?::(\d+))?$/.exec(host) ?? [];
  return { host: name.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

/** Milliseconds before the next attempt. */
function delay(attempts: number): number {
  return Math.min(50 * 2 ** attempts, 1_000);
}
