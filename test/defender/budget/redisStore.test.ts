import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { MemoryStore } from '../../../src/defender/budget/memoryStore.ts';
import { RedisStore } from '../../../src/defender/budget/redisStore.ts';
import { scriptOn } from '../../../src/defender/budget/scriptOn.ts';
import { accountOf } from '../../../src/defender/budget/store.ts';
import { ManualClock } from '../../../emulator/manualClock.ts';
import { describeWithRedis } from '../../redis/describeWithRedis.ts';
import { startRedisServer, type RedisServer } from '../../redis/server.ts';

const HOUR = 3_600_000;
const MARGIN = 1_000;

describeWithRedis('With a real Redis', () => {
  let server: RedisServer;
  let redis: Redis;

  beforeAll(async () => {
    server = await startRedisServer();
    redis = new Redis({ port: server.port, protocol: 2 });
  });

  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  function storeOf(
    replica: string,
    options: { limits?: { minute: number; hour: number }; now?: () => number } = {},
  ) {
    return new RedisStore({
      run: scriptOn(redis, 5_000),
      secret: 'a secret of the test',
      replica,
      limits: { minute: 100, hour: 1_500 },
      marginMilliseconds: MARGIN,
      ...options,
    });
  }

  test('it decides as memory does, for all schedules', async () => {
    const anyStep = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant('take' as const),
          account: fc.constantFrom('ann', 'bob', 'cleo', 'bulk'),
          times: fc.integer({ min: 1, max: 6 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('refund' as const), nth: fc.nat(50) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant('pause' as const),
          for: fc.integer({ min: 1, max: 60_000 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant('teach' as const),
          window: fc.constantFrom('minute' as const, 'hour' as const),
          limit: fc.integer({ min: 1, max: 30 }),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('wait' as const),
          for: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: HOUR })),
        }),
      },
    );
    const setUp = fc.record({
      limits: fc.record({
        minute: fc.integer({ min: 1, max: 12 }),
        hour: fc.integer({ min: 1, max: 40 }),
      }),
      steps: fc.array(anyStep, { maxLength: 60 }),
    });
    let budgets = 0;
    await fc.assert(
      fc.asyncProperty(setUp, async ({ limits, steps }) => {
        budgets += 1;
        const budget = `budget ${budgets}`;
        const clock = new ManualClock();
        const memory = new MemoryStore({ clock, limits, marginMilliseconds: MARGIN });
        const shared = storeOf('a', { limits, now: clock.now });
        const calls: [string, string][] = [];
        for (const step of steps) {
          if (step.do === 'wait') clock.advance(step.for);
          if (step.do === 'pause') {
            await Promise.all([memory, shared].map((store) => store.pause(budget, step.for)));
          }
          if (step.do === 'teach') {
            const { window, limit } = step;
            await Promise.all([memory, shared].map((store) => store.teach(budget, window, limit)));
          }
          if (step.do === 'refund') {
            const [call] = calls.splice(step.nth, 1);
            if (call) {
              await memory.refund(budget, call[0]);
              await shared.refund(budget, call[1]);
            }
          }
          if (step.do !== 'take') continue;
          const account = accountOf(step.account, step.account === 'bulk');
          for (let time = 0; time < step.times; time += 1) {
            expect(await shared.read(budget, account)).toEqual(await memory.read(budget, account));
            const inMemory = await memory.take(budget, account);
            const inRedis = await shared.take(budget, account);
            expect('call' in inRedis).toBe('call' in inMemory);
            if ('call' in inMemory && 'call' in inRedis) calls.push([inMemory.call, inRedis.call]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('replicas that take at once never take more than there is', async () => {
    const limits = { minute: 40, hour: 60 };
    const replicas = ['a', 'b', 'c'].map((replica) => storeOf(replica, { limits }));
    let taken = 0;
    await Promise.all(
      replicas.map(async (store, replica) => {
        for (let call = 0; call < 60; call += 1) {
          const answer = await store.take('at once', accountOf(`${replica} ${call}`, false));
          if ('call' in answer) taken += 1;
        }
      }),
    );
    expect(taken).toBe(40);
  });

  test('without a clock of ours it goes by its own', async () => {
    const store = storeOf('a');
    await store.take('own clock', accountOf('ann', false));
    const { minute } = await store.read('own clock', accountOf('ann', false));
    expect(minute).toMatchObject({ used: 1, own: 1 });
    expect(minute.first).toBeGreaterThan(60_000);
    expect(minute.first).toBeLessThanOrEqual(60_000 + MARGIN);
  });

  test('what one replica pauses, learns and refunds holds for all', async () => {
    const [a, b] = [storeOf('a'), storeOf('b')];
    const ann = accountOf('ann', false);
    const taken = await a.take('all', ann);
    if (!('call' in taken)) throw new Error('refused');
    await b.refund('all', taken.call);
    await a.teach('all', 'minute', 60);
    await a.pause('all', 30_000);
    const { minute, pausedFor } = await b.read('all', ann);
    expect(minute).toMatchObject({ used: 0, limit: 60 });
    expect(pausedFor).toBeGreaterThan(29_000);
    expect(await b.take('all', ann)).toMatchObject({ refused: { by: 'pause', forAll: true } });
  });

  test('it takes what it is told of once, and not what is too old', async () => {
    const store = storeOf('a');
    const ann = accountOf('ann', false);
    const calls = Array.from({ length: 1_200 }, (_, index) => ({
      call: store.callOf(ann),
      agoMilliseconds: index * 4_000,
    }));
    await store.tell('told', calls);
    await store.tell('told', calls);
    const { minute, hour } = await store.read('told', ann);
    expect(minute).toMatchObject({ used: 16, own: 16 });
    expect(hour).toMatchObject({ used: 901, own: 901 });
  });

  test('its keys and values name nobody, share a slot for each budget, and go by themselves', async () => {
    await redis.flushall();
    const store = storeOf('a');
    await store.take('contoso/app', accountOf('ann', false));
    await store.take('contoso/app', accountOf('bulk', true));
    await store.pause('contoso/app', 1);
    const keys = await redis.keys('*');
    expect(new Set(keys.map((key) => /\{(.+)\}/.exec(key)?.[1])).size).toBe(1);
    const held: unknown[] = [keys];
    for (const key of keys) {
      held.push(await redis.pttl(key));
      held.push(key.endsWith('minute') ? await redis.zrange(key, '0', '-1') : []);
      expect(await redis.pttl(key)).toBeGreaterThan(HOUR);
      expect(await redis.pttl(key)).toBeLessThan(HOUR + 70_000);
    }
    expect(keys.length).toBe(6);
    expect(JSON.stringify(held)).not.toMatch(/contoso|ann/);
  });

  test('a pause outlives the refund of the last call', async () => {
    const store = storeOf('a');
    const ann = accountOf('ann', false);
    const taken = await store.take('paused', ann);
    if (!('call' in taken)) throw new Error('refused');
    await store.pause('paused', 30_000);
    await store.refund('paused', taken.call);
    expect((await store.read('paused', ann)).pausedFor).toBeGreaterThan(29_000);
  });

  test('names can not be told without the secret', async () => {
    await redis.flushall();
    await storeOf('a').take('contoso', accountOf('ann', false));
    const other = new RedisStore({
      run: scriptOn(redis, 5_000),
      secret: 'another secret',
      replica: 'a',
      limits: { minute: 100, hour: 1_500 },
      marginMilliseconds: MARGIN,
    });
    expect((await other.read('contoso', accountOf('ann', false))).minute.used).toBe(0);
  });

  test('a refunded call leaves nothing behind', async () => {
    await redis.flushall();
    const store = storeOf('a');
    const taken = await store.take('invented', accountOf('attacker', false));
    if (!('call' in taken)) throw new Error('refused');
    await store.refund('invented', taken.call);
    expect(await redis.keys('*')).toEqual([]);
  });
});
