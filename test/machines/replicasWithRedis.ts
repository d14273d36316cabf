import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { Redis } from 'ioredis';
import { startRedisServer, type RedisServer } from '../redis/server.ts';
import { openReplica, type Replica } from './replica.ts';

/** For the tests of one `describe`: a Redis, empty before each of them, and replicas on it, closed after each. */
export function replicasWithRedis() {
  let server: RedisServer;
  let redis: Redis;
  const opened: Replica[] = [];

  beforeAll(async () => {
    server = await startRedisServer();
    redis = new Redis(server.url, { protocol: 2 });
  });
  beforeEach(() => redis.flushall());
  afterEach(() => {
    for (const { sharing } of opened.splice(0)) sharing.close();
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  return {
    redis: () => redis,
    replica: async (secrets?: readonly [string, ...string[]]): Promise<Replica> => {
      const one = await openReplica(server.url, secrets);
      opened.push(one);
      return one;
    },
  };
}
