import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { startFaultProxy, type FaultProxy } from './redis/faultProxy.ts';
import { describeWithRedis } from './redis/describeWithRedis.ts';
import { startRedisServer, startReplica, type RedisServer } from './redis/server.ts';
import { openRoad, type Road } from './road.ts';
import { play, story, type Tokens } from './visibility.ts';

const SECRET = 'a secret of thirty-two characters or more';
const QUERY = `query ($names: [String!]!) {
  machinesByUser(userNames: $names) { machines { id computerDnsName } machinesFreshness { source asOf } }
}`;

describeWithRedis('Replicas with one Redis', () => {
  let server: RedisServer;
  let redis: Redis;
  let proxy: FaultProxy;
  const roads: Road[] = [];
  const successors: RedisServer[] = [];

  beforeAll(async () => {
    server = await startRedisServer();
    redis = new Redis(server.url, { protocol: 2 });
    redis.on('error', () => {});
  });
  beforeEach(async () => {
    await redis.flushall();
    proxy = await startFaultProxy(server.port);
  });
  afterEach(async () => {
    for (const road of roads.splice(0).toReversed()) await road.close();
    await proxy.close();
    for (const successor of successors.splice(0)) await successor.stop();
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  /** So many replicas before one Defender, all with one proxy before Redis. */
  async function open(count: number, env: Readonly<Record<string, string>> = {}) {
    const common = {
      REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
      SHARED_CACHE_SECRET: SECRET,
      DEFENDER_REPLICAS: `${count}`,
      ...env,
    };
    const first = await openRoad(common);
    roads.push(first);
    while (roads.length < count) roads.push(await openRoad(common, {}, first));
    const { issuer } = first.defender;
    return { first, issuer, calls: () => first.defender.ledger.calls.length };
  }

  async function ask(road: Road | undefined, token: string, ...names: string[]) {
    const answer = await road?.ask({ query: QUERY, variables: { names }, token });
    if (!answer) throw new Error('no such replica');
    const users: readonly { machines: unknown; machinesFreshness?: { source: string } }[] =
      answer.data.machinesByUser;
    return {
      ...answer,
      users,
      sources: users.map(({ machinesFreshness }) => machinesFreshness?.source),
    };
  }

  /** Who waits for another replica's lease does so by the clock, which stands still here. */
  async function inTime<T>(answer: Promise<T>): Promise<T> {
    const nudge = setInterval(() => roads[0]?.clock.advance(1_000), 2_000);
    return answer.finally(() => clearInterval(nudge));
  }

  const ready = async (road: Road | undefined) =>
    (await (await fetch(new URL('/readyz', road?.url))).json()) as { readonly status: string };

  async function untilReady(status: string) {
    for (const road of roads) {
      for (let tries = 0; (await ready(road)).status !== status; tries += 1) {
        if (tries > 500) throw new Error(`never ${status}`);
        // The budget asks again by the clock that the test turns.
        if (status === 'ok') road.clock.advance(100);
        await sleep(10);
      }
    }
  }

  test('in forward mode share what the very token has read', async () => {
    const { issuer, calls } = await open(3);
    const token = await issuer.defenderToken('carol');
    const live = await ask(roads[0], token, 'user1', 'user3', 'nobody');
    await sleep(50);
    const before = calls();
    for (const road of roads.slice(1)) {
      const { users, sources } = await ask(road, token, 'user1', 'user3', 'nobody');
      expect(users.map(({ machines }) => machines)).toEqual(
        live.users.map(({ machines }) => machines),
      );
      expect(sources).toEqual(['CACHE', 'CACHE', 'CACHE']);
    }
    expect(calls()).toBe(before);
    const renewed = await issuer.defenderToken('carol', { expiresInSeconds: 1_800 });
    expect((await ask(roads[1], renewed, 'user1')).sources).toEqual(['LIVE']);
  });

  test('on behalf of a person share what that person has read, whatever the token', async () => {
    const { issuer } = await open(2, { AUTH_MODE: 'on-behalf-of' });
    await ask(roads[0], await issuer.userToken('carol'), 'user1');
    await sleep(50);
    const renewed = await issuer.userToken('carol', { expiresInSeconds: 1_800 });
    expect((await ask(roads[1], renewed, 'user1')).sources).toEqual(['CACHE']);
    const other = await issuer.userToken('alice');
    expect((await ask(roads[1], other, 'user1')).sources).not.toEqual(['CACHE']);
  });

  test('call Defender once for what they are asked at the same moment', async () => {
    const { issuer, calls } = await open(3);
    const token = await issuer.defenderToken('carol');
    const names = Array.from({ length: 30 }, (_, index) => `user${index + 1}`);
    // Code that runs for the first time can be slower than the time that Redis is given.
    for (const road of roads) await ask(road, token, 'warm-up');
    const before = calls();
    const answers = await Promise.all(roads.map((road) => ask(road, token, ...names)));
    for (const { errors } of answers) expect(errors).toEqual([]);
    expect(calls() - before).toBe(30);
  });

  test('share one budget', async () => {
    const env = { DEFENDER_CALLS_PER_MINUTE: '20', DEFENDER_CALLS_PER_HOUR: '1500' };
    const { issuer, calls } = await open(3, env);
    const token = await issuer.defenderToken('carol');
    const names = Array.from({ length: 45 }, (_, index) => `user${index + 1}`);
    await Promise.all(
      roads.map((road, index) => ask(road, token, ...names.slice(15 * index, 15 * index + 15))),
    );
    // Not always all: what one account leaves of its share, the next may come too late for.
    expect(calls()).toBeLessThanOrEqual(20);
    expect(calls()).toBeGreaterThanOrEqual(15);
  });

  test('say that Defender wants a pause, whichever of them was told, and answer where Redis hangs', async () => {
    const { first, issuer } = await open(2);
    const token = await issuer.defenderToken('carol');
    for (const [index, road] of roads.entries()) await ask(road, token, `user${index + 1}`);
    first.defender.faults.next({}, { kind: 'tooManyRequests', retryAfter: 30 });
    await ask(roads[0], token, 'user5');
    const paused = { status: 'degraded', reasons: ['Defender has asked for a pause'] };
    expect(await ready(roads[0])).toEqual(paused);
    // Each looks once a second.
    first.clock.advance(1_000);
    expect(await ready(roads[1])).toEqual(paused);

    // By the clock of the test the pause is over. A probe then asks Redis, and has to be answered all the same.
    first.clock.advance(31_000);
    proxy.set('blackHole');
    const signal = AbortSignal.timeout(2_000);
    const probe = await fetch(new URL('/readyz', roads[1]?.url), { signal });
    expect(probe.status).toBe(200);
  });

  test('show nothing of what they share to who reads Redis', async () => {
    const { issuer, first } = await open(2, { AUTH_MODE: 'on-behalf-of' });
    const token = await issuer.userToken('carol');
    const { users } = await ask(roads[0], token, 'user1');
    await sleep(50);
    const keys = await redis.keys('*');
    expect(keys.length).toBeGreaterThan(5);
    const values = await Promise.all(keys.map((key) => redis.dump(key)));
    const all = [...keys, ...values].join('\n');
    const devices = users.flatMap(({ machines }) => machines as Record<string, string>[]);
    expect(devices.length).toBeGreaterThan(0);
    const told = [
      ...['user1', 'carol', 'LIVE', 'machines"', token.slice(0, 30), token.slice(-30), SECRET],
      ...[issuer.tenantId, first.defender.application.clientId],
      ...devices.flatMap(({ id = '', computerDnsName = '' }) => [id, computerDnsName]),
    ];
    for (const one of told) expect(all).not.toContain(one);
  });

  test.each([
    ['reset connections', 'reset'],
    ['a black hole', 'blackHole'],
    ['half-open connections', 'halfOpen'],
    ['latency', { delayMilliseconds: 300 }],
  ] as const)(
    'answer every query in spite of %s, and say that they are degraded',
    async (_, fault) => {
      const { issuer } = await open(2);
      const token = await issuer.defenderToken('carol');
      expect(await ready(roads[0])).toEqual({ status: 'ok' });
      await ask(roads[0], token, 'user1');
      proxy.set(fault);
      const names = Array.from({ length: 100 }, (__, index) => `user${index + 1}`);
      const answers = await Promise.all(roads.map((road) => ask(road, token, ...names)));
      for (const { errors } of answers) expect(errors).toEqual([]);
      expect(answers[0]?.sources[0]).toBe('CACHE');
      await untilReady('degraded');
      expect(await ready(roads[0])).toEqual({
        status: 'degraded',
        reasons: ['Redis is out of reach'],
      });
      proxy.set('none');
      await untilReady('ok');
      await ask(roads[0], token, 'user200');
      await sleep(50);
      expect((await ask(roads[1], token, 'user200')).sources).toEqual(['CACHE']);
    },
  );

  test('go on when Redis restarts without its data', async () => {
    const { issuer } = await open(2);
    const token = await issuer.defenderToken('carol');
    await ask(roads[0], token, 'user1');
    await server.stop();
    expect((await ask(roads[1], token, 'user3')).errors).toEqual([]);
    await untilReady('degraded');
    server = await startRedisServer(server.port);
    await untilReady('ok');
    expect((await ask(roads[0], token, 'user1')).sources).toEqual(['CACHE']);
  });

  test('go on when a replica of Redis takes over, with what it holds', async () => {
    const { issuer, calls } = await open(2, { DEFENDER_CALLS_PER_MINUTE: '100' });
    const token = await issuer.defenderToken('carol');
    const second = await startReplica(server);
    successors.push(second);
    const read: string[] = [];
    // Nobody waits for what is written, and a busy machine may be too late to write one of them.
    while ((await redis.keys('*machines*')).length < 2) {
      read.push(`user${read.length + 1}`);
      await ask(roads[0], token, ...read);
      await untilReady('ok');
    }
    // What is written before has come to the replica when this has.
    await redis.set('marker', 'x');
    expect(await redis.wait(1, 1_000)).toBe(1);

    const promoted = new Redis(second.url, { protocol: 2 });
    await promoted.replicaof('NO', 'ONE');
    promoted.disconnect();
    const asking = Array.from({ length: 20 }, (_, index) =>
      ask(roads[index % 2], token, 'user1', `user${index + 10}`),
    );
    proxy.leadTo(second.port);
    const answers = await inTime(Promise.all(asking));
    for (const { errors } of answers) expect(errors).toEqual([]);

    // What the first has read is found on the server that took over, if not each in time.
    const sources = new Set<string | undefined>();
    for (const name of read.slice(1)) {
      await untilReady('ok');
      for (const source of (await inTime(ask(roads[1], token, name))).sources) sources.add(source);
    }
    expect(sources).toContain('CACHE');
    // The calls before and since are counted there, and one of which no word came back is counted once more.
    await untilReady('ok');
    const { data } = await (roads[1] as Road).ask({
      query: '{ defenderBudget { minute { remaining } } }',
      token,
    });
    const left = 100 - calls();
    expect(data.defenderBudget.minute.remaining).toBeLessThanOrEqual(left);
    expect(data.defenderBudget.minute.remaining).toBeGreaterThanOrEqual(left - asking.length);
  }, 90_000);

  test('never show a device that Defender would not have shown to that caller at that moment', async () => {
    const { first, issuer } = await open(3);
    let turn = 0;
    const road: Road = {
      ...first,
      async ask(question) {
        turn += 1;
        const answer = await inTime((roads[turn % roads.length] ?? first).ask(question));
        // A forgetting takes a moment to reach the others.
        await sleep(5);
        return answer;
      },
    };
    const tokens: Tokens = {
      issue: (name, expiresInSeconds) => issuer.defenderToken(name, { expiresInSeconds }),
      partition: ({ token }) => token,
      forgeries: async () => [],
      leeway: 0,
    };
    const property = fc.asyncProperty(story, (steps) =>
      play(road, tokens, steps, { ttlSeconds: 300, staleSeconds: 3_600, hasReplicas: true }),
    );
    await fc.assert(property, { numRuns: 20 });
  }, 180_000);
});
