import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openReplica, type Replica } from '../machines/replica.ts';
import { USER_2 } from '../machines/sightings.ts';
import { describeWithRedis } from './describeWithRedis.ts';
import { startCluster, type RedisServer } from './server.ts';

describeWithRedis('With a cluster', () => {
  let server: RedisServer;
  const opened: Replica[] = [];

  beforeAll(async () => {
    server = await startCluster();
  });
  afterAll(async () => {
    for (const { sharing } of opened) sharing.close();
    await server.stop();
  });

  test('replicas share answers, readings and forgettings', async () => {
    const open = async () => {
      const one = await openReplica(`redis+cluster://127.0.0.1:${server.port}`);
      opened.push(one);
      await one.isReady();
      return one;
    };
    const [a, b] = [await open(), await open()];
    const together = await Promise.all([a.ask(), b.ask()]);
    expect(together.map(({ source }) => source).toSorted()).toEqual(['CACHE', 'LIVE']);
    a.says = 'FORBIDDEN';
    await expect(a.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await sleep(30);
    b.says = 'UPSTREAM_TIMEOUT';
    await expect(b.ask()).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect([a.logged, b.logged]).toEqual([[], []]);
  });
});
