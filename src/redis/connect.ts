import { Cluster, Redis } from 'ioredis';
import { redisAddressOf, type RedisAddress } from './address.ts';

/** A server, one that sentinels name, or a cluster. */
export type RedisClient = Redis | Cluster;

/** Milliseconds. Commands have a shorter limit of their own; these are for connections that have died in silence. */
const DEAD = 2_000;

/**
 * Connects to the Redis or Valkey that a URL names (see `redisAddressOf`), and again whenever the connection is lost;
 * commands in between reject at once. With TLS the certificate is checked. Throws a TypeError for a URL of another
 * form.
 */
export function connectRedis(url: string, onLost: (error: unknown) => void): RedisClient {
  const address = redisAddressOf(url);
  if (!address) throw new TypeError('not a Redis URL');
  const redis = clientFor(address);
  redis.on('error', onLost);
  redis.on('close', () => onLost(new Error('the connection was closed')));
  return redis;
}

function clientFor({ kind, nodes, isTls, username, password, database, name }: RedisAddress) {
  const options = {
    // Version 3 would need Redis 6.
    protocol: 2 as const,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: DEAD,
    socketTimeout: DEAD,
    retryStrategy: delay,
    // After a failover, the server at the other end may only be read from.
    reconnectOnError: ({ message }: Error) => message.startsWith('READONLY'),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isTls && { tls: {} }),
  };
  switch (kind) {
    case 'cluster':
      return new Cluster([...nodes], {
        redisOptions: options,
        enableOfflineQueue: false,
        clusterRetryStrategy: delay,
      });
    case 'sentinel':
      return new Redis({
        ...options,
        sentinels: [...nodes],
        name,
        sentinelRetryStrategy: delay,
        ...(password !== undefined && { sentinelPassword: password }),
        ...(isTls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
      });
    default:
      return new Redis({ ...options, ...nodes[0], db: database });
  }
}

/** Milliseconds before the next attempt. */
function delay(attempts: number): number {
  return Math.min(50 * 2 ** attempts, 1_000);
}
