import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { RedisStore } from '../../src/defender/budget/redisStore.ts';
import { scriptOn } from '../../src/defender/budget/scriptOn.ts';
import { accountOf } from '../../src/defender/budget/store.ts';
import { connectRedis, type RedisClient } from '../../src/redis/connect.ts';
import { describeWithRedis } from './describeWithRedis.ts';
import { startCluster, startRedisServer, startSentinel } from './server.ts';

describe('A Redis URL', () => {
  test.each(['', 'localhost', 'http://localhost', 'redis://', 'redis+magic://localhost'])(
    '%j is refused, without repeating it',
    (url) => {
      expect(() => connectRedis(url, () => {})).toThrow(new TypeError('not a Redis URL'));
    },
  );
});

describeWithRedis('Redis', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function serve(...options: string[]) {
    const server = await startRedisServer(undefined, ...options);
    closing.push(() => server.stop());
    return server;
  }

  async function connected(url: string): Promise<RedisClient> {
    const redis = connectRedis(url, () => {});
    closing.push(() => redis.disconnect());
    for (let tries = 0; redis.status !== 'ready' && tries < 2_000; tries += 1) await sleep(2);
    return redis;
  }

  /** Whether the budget's script works there. */
  async function takes(redis: RedisClient): Promise<boolean> {
    const store = new RedisStore({
      run: scriptOn(redis, 1_000),
      secret: 'a secret of the test',
      replica: 'a',
      limits: { minute: 1, hour: 1 },
      marginMilliseconds: 0,
    });
    const first = await store.take('contoso', accountOf('ann', false));
    const second = await store.take('contoso', accountOf('ann', false));
    return 'call' in first && 'refused' in second;
  }

  test('is reached with a password, in a database of its own', async () => {
    const server = await serve('--requirepass', 'p@ss');
    const redis = await connected(`redis://:p%40ss@127.0.0.1:${server.port}/3`);
    expect(await takes(redis)).toBe(true);
    expect(await (await connected(`redis://:p%40ss@127.0.0.1:${server.port}`)).keys('*')).toEqual(
      [],
    );
  });

  test('rejects commands at once while it can not be reached', async () => {
    const redis = connectRedis('redis://127.0.0.1:1', () => {});
    closing.push(() => redis.disconnect());
    await expect(redis.ping()).rejects.toThrow(/offline queue|writeable|closed/i);
  });

  test('is reached as a cluster, where all keys of a budget share a slot', async () => {
    const server = await startCluster();
    closing.push(() => server.stop());
    expect(await takes(await connected(`redis+cluster://127.0.0.1:${server.port}`))).toBe(true);
  });

  test('is found through a sentinel', async () => {
    const server = await serve();
    const directory = await mkdtemp(join(tmpdir(), 'redis-'));
    const config = join(directory, 'sentinel.conf');
    await writeFile(config, `sentinel monitor main 127.0.0.1 ${server.port} 1\n`);
    const sentinel = await startSentinel(config);
    closing.push(() => sentinel.stop());
    expect(await takes(await connected(`redis+sentinel://127.0.0.1:${sentinel.port}/main`))).toBe(
      true,
    );
  });
});
