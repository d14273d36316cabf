import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { RedisLink } from '../../src/redis/link.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { openReplica, until, type Replica } from '../machines/replica.ts';
import { callerWith, deferred, USER_1, USER_2 } from '../machines/sightings.ts';
import { startFaultProxy, type FaultProxy } from './faultProxy.ts';
import { describeWithRedis } from './describeWithRedis.ts';
import { startRedisServer, type RedisServer } from './server.ts';

const FAULTS = [
  ['connections are reset', 'reset'],
  ['bytes do not arrive', 'blackHole'],
  ['the other half of the connection is gone', 'halfOpen'],
  ['answers take too long', { delayMilliseconds: 300 }],
] as const;
const GONE = 'Redis is gone: going on with what this process remembers';

describeWithRedis('Between a process and Redis', () => {
  let server: RedisServer;
  const links: RedisLink[] = [];
  const opened: { one: Replica; proxy: FaultProxy }[] = [];

  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterEach(async () => {
    for (const { one, proxy } of opened.splice(0)) {
      one.sharing.close();
      await proxy.close();
    }
    for (const link of links.splice(0)) link.close();
    await server.stop();
    server = await startRedisServer(server.port);
  });
  afterAll(() => server.stop());

  async function behindProxy() {
    const proxy = await startFaultProxy(server.port);
    const one = await openReplica(`redis://127.0.0.1:${proxy.port}`);
    opened.push({ one, proxy });
    return Object.assign(one, { proxy });
  }

  const restart = async () => {
    await server.stop();
    server = await startRedisServer(server.port);
  };

  test.each(FAULTS)(
    '%s: every query is answered, nobody waits long, it is said once, and comes back by itself',
    async (_, fault) => {
      const a = await behindProxy();
      await a.ask();
      a.proxy.set(fault);
      const started = performance.now();
      const answers = await Promise.all(
        Array.from({ length: 300 }, (__, index) => a.ask(USER_1, callerWith(`caller${index}`))),
      );
      const later = await a.ask(USER_2);
      // One time limit; 300 of them in turn would be 30 s.
      expect(performance.now() - started).toBeLessThan(3_000);
      for (const { source } of [...answers, later]) expect(source).toBe('LIVE');
      expect(await a.ask()).toMatchObject({ source: 'CACHE' });
      await until(() => !a.sharing.isReady());
      a.proxy.set('none');
      await a.isReady();
      expect(a.logged).toEqual([GONE, 'Redis is back']);
      const b = await openReplica(server.url);
      await a.ask(USER_1, callerWith('after'));
      await a.written();
      expect(await b.ask(USER_1, callerWith('after'))).toMatchObject({ source: 'CACHE' });
      b.sharing.close();
    },
  );

  test('there is no Redis at the start: it starts without, and finds it later', async () => {
    await server.stop();
    const a = await behindProxy();
    expect(await a.ask()).toMatchObject({ source: 'LIVE' });
    expect(a.sharing.isReady()).toBe(false);
    server = await startRedisServer(server.port);
    await a.isReady();
    expect(a.logged).toEqual([GONE, 'Redis is back']);
  });

  test('what is forgotten is out of reach before the client hears of it, however slow Redis is', async () => {
    const [a, b] = [await behindProxy(), await behindProxy()];
    await b.ask();
    await b.written();
    const c = await behindProxy();
    a.says = 'FORBIDDEN';
    a.proxy.set({ delayMilliseconds: 25 });
    await expect(a.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await c.ask()).toMatchObject({ source: 'LIVE' });
  });

  describe('the link', () => {
    function linked() {
      const log = createLog('silent');
      const link = new RedisLink(server.url, log);
      links.push(link);
      return link;
    }

    test('asks nothing while Redis is gone', async () => {
      const link = linked();
      await link.settled(2_000);
      link.lost(new Error('gone'));
      await expect(link.run((client) => client.ping())).rejects.toThrow('Redis is gone');
    });

    test('does not take an error of Redis for its absence', async () => {
      const link = linked();
      await link.settled(2_000);
      await expect(link.run((client) => client.call('NONSENSE'))).rejects.toThrow(
        'unknown command',
      );
      expect(link.isReady).toBe(true);
    });

    test('is not ready where Redis was lost again while it came back', async () => {
      const link = linked();
      const states: boolean[] = [];
      link.onReturn(
        async () => {
          states.push(link.isReady);
          if (states.length === 1) link.lost(new Error('again'));
        },
        () => true,
      );
      await link.settled(5_000);
      expect(states).toEqual([false, false]);
      expect(link.isReady).toBe(true);
    });
  });

  test('a process forgets what was forgotten while it could not hear of it, and nothing else', async () => {
    const [a, b] = [await behindProxy(), await behindProxy()];
    const bob = callerWith('bob');
    for (const caller of [callerWith('alice'), bob]) await b.ask(USER_1, caller);
    b.proxy.set('reset');
    a.says = 'FORBIDDEN';
    await expect(a.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await b.ask()).toMatchObject({ source: 'CACHE' });
    b.proxy.set('none');
    await b.isReady();
    const { calls } = b;
    expect(await b.ask(USER_1, bob)).toMatchObject({ source: 'CACHE' });
    expect(b.calls).toBe(calls);
    expect(await b.ask()).toMatchObject({ source: 'LIVE' });
  });

  test('so it does with what it began to read before', async () => {
    const [a, b] = [await behindProxy(), await behindProxy()];
    await b.ask(USER_2);
    const answer = deferred<void>();
    b.until = () => answer.promise;
    const underWay = b.ask(USER_1, callerWith('bob'));
    await until(() => b.calls === 2);
    b.proxy.set('reset');
    a.says = 'FORBIDDEN';
    await expect(a.ask(USER_2, callerWith('bob'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    b.proxy.set('none');
    await b.isReady();
    answer.resolve();
    await underWay;
    b.says = 'UPSTREAM_TIMEOUT';
    const after = b.ask(USER_1, callerWith('bob'));
    await expect(after).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(await b.ask(USER_2)).toMatchObject({ source: 'CACHE' });
  });

  test('a generation that somebody has spoilt does not keep Redis away', async () => {
    const a = await behindProxy();
    await a.ask();
    await a.written();
    const redis = new Redis(server.url, { protocol: 2 });
    a.proxy.set('reset');
    await until(() => !a.sharing.isReady());
    const [generation = ''] = await redis.keys('*generation');
    await redis.del(generation);
    await redis.lpush(generation, 'a list');
    redis.disconnect();
    a.proxy.set('none');
    await a.isReady();
    expect(await a.ask()).toMatchObject({ source: 'LIVE' });
  });

  test('what a process forgot while it could not tell is told when Redis is back', async () => {
    const [a, b] = [await behindProxy(), await behindProxy()];
    a.says = 'FORBIDDEN';
    // Once while it could, so that Redis knows of one forgetting.
    await expect(a.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await b.ask();
    await b.written();
    a.proxy.set('blackHole');
    await expect(a.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await b.ask()).toMatchObject({ source: 'CACHE' });
    a.proxy.set('none');
    await a.isReady();
    await sleep(30);
    expect(await b.ask()).toMatchObject({ source: 'LIVE' });
  });

  test.each([
    ['is forgotten where others have forgotten them', 'FORBIDDEN', 'LIVE'],
    ['is kept where they have not', 'device', 'CACHE'],
  ])('what was read of somebody new while Redis was gone %s', async (_, says, source) => {
    const [a, b] = [await behindProxy(), await behindProxy()];
    b.proxy.set('reset');
    await until(() => !b.sharing.isReady());
    await b.ask();
    a.says = says;
    await a.ask(USER_2).catch(() => {});
    b.proxy.set('none');
    await b.isReady();
    expect(await b.ask()).toMatchObject({ source });
  });

  describe('when Redis has lost its data', () => {
    test('what processes remember is not lost with it', async () => {
      const a = await behindProxy();
      const { readAt } = await a.ask();
      await restart();
      await until(() => !a.sharing.isReady());
      await a.isReady();
      const { calls } = a;
      expect(await a.ask()).toMatchObject({ source: 'CACHE', readAt });
      await a.ask(USER_2);
      expect(await a.ask()).toMatchObject({ source: 'CACHE', readAt });
      expect(a.calls).toBe(calls + 1);
    });

    test('what was forgotten is told again to who could not hear of it', async () => {
      const [a, b] = [await behindProxy(), await behindProxy()];
      await b.ask();
      b.proxy.set('reset');
      a.says = 'FORBIDDEN';
      await expect(a.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await restart();
      await until(() => !a.sharing.isReady());
      await a.isReady();
      b.proxy.set('none');
      await b.isReady();
      expect(await b.ask()).toMatchObject({ source: 'LIVE' });
    });
  });
});
