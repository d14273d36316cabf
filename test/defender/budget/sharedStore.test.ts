import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { RedisStore } from '../../../src/defender/budget/redisStore.ts';
import { scriptOn } from '../../../src/defender/budget/scriptOn.ts';
import { SharedStore } from '../../../src/defender/budget/sharedStore.ts';
import { accountOf } from '../../../src/defender/budget/store.ts';
import { connectRedis, type RedisClient } from '../../../src/redis/connect.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { ManualClock } from '../../../emulator/manualClock.ts';
import { startFaultProxy, type FaultProxy } from '../../redis/faultProxy.ts';
import { describeWithRedis } from '../../redis/describeWithRedis.ts';
import { startRedisServer, type RedisServer } from '../../redis/server.ts';

const HOUR = 3_600_000;
const LIMITS = { minute: 90, hour: 300 };
/** Milliseconds within which a healthy Redis answers however busy the machine is. */
const TIME_LIMIT = 1_000;
const ann = accountOf('ann', false);

describeWithRedis('Between a replica and Redis', () => {
  let server: RedisServer;
  const opened: { proxy: FaultProxy; redis: RedisClient }[] = [];
  let clock: ManualClock;

  beforeAll(async () => {
    server = await startRedisServer();
  });
  beforeEach(() => {
    clock = new ManualClock();
  });
  afterEach(async () => {
    for (const { proxy, redis } of opened.splice(0)) {
      redis.disconnect();
      await proxy.close();
    }
    await server.stop();
    server = await startRedisServer(server.port);
  });
  afterAll(() => server.stop());

  /** A replica of three, with a proxy of its own before Redis. */
  async function replica(name: string) {
    const proxy = await startFaultProxy(server.port);
    const logged: string[] = [];
    const redis = connectRedis(`redis://127.0.0.1:${proxy.port}`, (error) => store.lost(error));
    const store: SharedStore = new SharedStore({
      redis: new RedisStore({
        run: scriptOn(redis, TIME_LIMIT),
        secret: 'a secret of the test',
        replica: name,
        limits: LIMITS,
        marginMilliseconds: 1_000,
        now: clock.now,
      }),
      replicas: 3,
      limits: LIMITS,
      marginMilliseconds: 1_000,
      clock,
      log: createLog('info', { write: (line) => void logged.push(JSON.parse(line).msg) }),
    });
    opened.push({ proxy, redis });
    await until(() => redis.status === 'ready');

    /** Takes up to so many calls, each for another account, and says how many it got. */
    const take = async (most: number) => {
      let taken = 0;
      for (let call = 0; call < most; call += 1) {
        if ('call' in (await store.take('contoso', accountOf(`${name} ${call}`, false))))
          taken += 1;
      }
      return taken;
    };
    const isBack = async () => {
      await until(() => redis.status === 'ready');
      await until(() => {
        clock.advance(1_000);
        return !store.isDegraded();
      });
    };
    const used = async () => (await store.read('contoso', ann)).hour.used;
    return { proxy, redis, store, logged, take, isBack, used };
  }

  test('nothing is wrong: replicas share one budget', async () => {
    const [a, b] = [await replica('a'), await replica('b')];
    expect(await a.take(60)).toBe(60);
    expect(await b.take(60)).toBe(30);
    expect(a.store.isDegraded()).toBe(false);
    expect(a.logged).toEqual([]);
  });

  test.each([
    ['connections are reset', 'reset'],
    ['bytes do not arrive', 'blackHole'],
    ['the other half of the connection is gone', 'halfOpen'],
    ['answers take too long', { delayMilliseconds: 3 * TIME_LIMIT }],
  ] as const)('%s: it takes its part, says so once, and comes back by itself', async (_, fault) => {
    const a = await replica('a');
    a.proxy.set(fault);
    expect(await a.take(60)).toBe(30);
    expect(a.store.isDegraded()).toBe(true);
    expect((await a.store.read('contoso', ann)).minute.limit).toBe(30);
    a.proxy.set('none');
    await a.isBack();
    expect(a.logged).toEqual([
      'Redis is out of reach: keeping to a part of the budget',
      'Redis is back: sharing the budget again',
    ]);
    expect(await a.used()).toBe(30);
    expect((await a.store.read('contoso', ann)).minute.limit).toBe(90);
  });

  test('an outage costs one time limit, not one for each call', async () => {
    const a = await replica('a');
    a.proxy.set('blackHole');
    const started = performance.now();
    await a.take(200);
    expect(performance.now() - started).toBeLessThan(20 * TIME_LIMIT);
  });

  test('a process that was busy itself does not take Redis for lost', async () => {
    const a = await replica('a');
    const taken = a.take(1);
    const started = performance.now();
    while (performance.now() - started < 1.5 * TIME_LIMIT);
    expect(await taken).toBe(1);
    expect(a.logged).toEqual([]);
  });

  test('each replica takes its part of what it knew to be left', async () => {
    const [a, b, c] = [await replica('a'), await replica('b'), await replica('c')];
    const replicas = [a, b, c];
    await a.take(40);
    await b.take(20);
    await c.take(0);
    await Promise.all(replicas.map(({ store }) => store.take('contoso', ann)));
    for (const { proxy } of replicas) proxy.set('reset');
    const taken = [await a.take(90), await b.take(90), await c.take(90)];
    expect(Math.max(...taken)).toBeLessThanOrEqual(10);
    expect(Math.min(...taken)).toBeGreaterThanOrEqual(8);
  });

  test('what was made meanwhile is told, by each replica once', async () => {
    const [a, b] = [await replica('a'), await replica('b')];
    await a.take(5);
    for (const { proxy } of [a, b]) proxy.set('reset');
    expect(await a.take(7)).toBe(7);
    expect(await b.take(9)).toBe(9);
    for (const { proxy } of [a, b]) proxy.set('none');
    await a.isBack();
    await b.isBack();
    expect(await a.used()).toBe(21);
  });

  test('Redis has lost its data: it is told of all calls of the last hour', async () => {
    const [a, b] = [await replica('a'), await replica('b')];
    await a.take(25);
    clock.advance(30 * 60_000);
    await a.take(5);
    await b.take(10);
    await server.stop();
    server = await startRedisServer(server.port);
    await until(() => a.store.isDegraded() && b.store.isDegraded());
    await a.isBack();
    await b.isBack();
    expect(await a.used()).toBe(40);
    clock.advance(30 * 60_000);
    expect(await a.used()).toBe(15);
  });

  test('a pause lasts on, in the replica and in a Redis that has lost it', async () => {
    const [a, b] = [await replica('a'), await replica('b')];
    await a.take(1);
    await a.store.pause('contoso', HOUR / 2);
    a.proxy.set('reset');
    await server.stop();
    expect(await a.take(5)).toBe(0);
    server = await startRedisServer(server.port);
    a.proxy.set('none');
    await a.isBack();
    await b.isBack();
    expect(await b.take(5)).toBe(0);
  });

  test('a pause and a lesson that come meanwhile hold', async () => {
    const a = await replica('a');
    a.proxy.set('blackHole');
    await a.store.teach('contoso', 'minute', 30);
    expect(await a.take(20)).toBe(10);
    await a.store.pause('contoso', 120_000);
    expect(await a.store.take('contoso', ann)).toMatchObject({ refused: { by: 'pause' } });
  });

  test('a call that is refunded meanwhile is refunded in Redis too', async () => {
    const a = await replica('a');
    const before = await a.store.take('contoso', ann);
    a.proxy.set('reset');
    const meanwhile = await a.store.take('contoso', ann);
    if (!('call' in before && 'call' in meanwhile)) throw new Error('refused');
    await a.store.refund('contoso', before.call);
    await a.store.refund('contoso', meanwhile.call);
    expect((await a.store.read('contoso', ann)).minute.used).toBeLessThanOrEqual(1);
    a.proxy.set('none');
    await a.isBack();
    expect(await a.used()).toBe(0);
  });

  test('random bytes in Redis are an outage at worst, and never more than the part', async () => {
    const [a, b] = [await replica('a'), await replica('b')];
    await a.take(5);
    for (const key of await b.redis.keys('*'))
      await b.redis.set(key, Buffer.from([0, 255, 13, 10]));
    expect(await a.take(90)).toBeLessThanOrEqual(30);
    expect(a.store.isDegraded()).toBe(true);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 2_000) throw new Error('it never came to be so');
    await sleep(2);
  }
}
