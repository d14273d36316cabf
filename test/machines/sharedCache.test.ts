import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { userNameFrom } from '../../src/machines/userName.ts';
import { describeWithRedis } from '../redis/describeWithRedis.ts';
import { SECRET, STALE, TTL, until, type Replica } from './replica.ts';
import { replicasWithRedis } from './replicasWithRedis.ts';
import { callerWith, deferred, USER_1, USER_2 } from './sightings.ts';

const NEWER = 'a newer secret of thirty-two characters';
const SKEW = 2_000;

describeWithRedis('The shared cache', () => {
  const { redis, replica } = replicasWithRedis();

  async function two(): Promise<[Replica, Replica]> {
    return [await replica(), await replica()];
  }

  const entries = () => redis().keys('*machines*');

  describe('What one replica has read', () => {
    test('another serves from the cache, as old as it is, without asking Defender', async () => {
      const [a, b] = await two();
      const read = await a.ask();
      await a.written();
      b.clock.advance(1_000);
      const found = await b.ask();
      expect(found).toEqual({ ...read, source: 'CACHE', freshUntil: read.readAt + TTL - SKEW });
      expect(b.calls).toBe(0);
      expect([found, found.machines, found.machines?.[0]].every(Object.isFrozen)).toBe(true);
    });

    test('is kept there like what it has read itself: Redis is asked once', async () => {
      const [a, b] = await two();
      await a.ask();
      await a.written();
      await b.ask();
      await redis().flushall();
      expect(await b.ask()).toMatchObject({ source: 'CACHE' });
      expect(b.calls).toBe(0);
    });

    test('ages from when it was read, and a little faster: clocks of replicas differ', async () => {
      const [a, b] = await two();
      const { readAt } = await a.ask();
      await a.written();
      b.clock.advance(TTL - SKEW - 1);
      expect(await b.ask()).toMatchObject({ source: 'CACHE', readAt });
      b.clock.advance(1);
      expect(await b.ask()).toMatchObject({ source: 'LIVE', readAt: b.clock.now() });
    });

    test('stands in where Defender can not be asked and nothing of its own can', async () => {
      const [a, b] = await two();
      const { readAt } = await a.ask();
      await a.written();
      b.says = 'UPSTREAM_UNAVAILABLE';
      b.clock.advance(STALE - SKEW - 1);
      expect(await b.ask()).toMatchObject({
        source: 'STALE',
        readAt,
        machines: [{ id: 'device' }],
      });
      b.clock.advance(10_001);
      await expect(b.ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    });

    test('is never served once the token has expired', async () => {
      const [a, b] = await two();
      const caller = callerWith('alice', a.clock.now() + 60_000);
      await a.ask(USER_1, caller);
      await a.written();
      b.clock.advance(59_999);
      expect(await b.ask(USER_1, caller)).toMatchObject({ source: 'CACHE' });
      const c = await replica();
      c.clock.advance(60_000);
      c.says = 'UPSTREAM_UNAVAILABLE';
      await expect(c.ask(USER_1, caller)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    });

    test('has no longer life in Redis than it may be served for', async () => {
      const a = await replica();
      await a.ask();
      await a.ask(USER_2, callerWith('bob', a.clock.now() + 60_000));
      await a.written();
      const lives = await Promise.all((await entries()).map((key) => redis().pttl(key)));
      expect(lives.toSorted((one, other) => one - other)).toEqual([
        expect.closeTo(60_000 - SKEW, -3),
        expect.closeTo(STALE - SKEW, -3),
      ]);
    });

    test('is not believed where it is of the future', async () => {
      const [a, b] = await two();
      a.clock.advance(SKEW + 1);
      await a.ask();
      await a.written();
      expect(await b.ask()).toMatchObject({ source: 'LIVE' });
    });

    test('does not keep a renewal from asking Defender, but what is newer does', async () => {
      const [a, b] = await two();
      await a.ask();
      await a.written();
      await b.ask();
      a.clock.advance(TTL - 1);
      b.clock.advance(TTL - 1);
      a.says = 'newer';
      expect(await a.renew()).toMatchObject({ source: 'LIVE' });
      await a.written();
      expect(await b.renew()).toMatchObject({ source: 'CACHE', machines: [{ id: 'newer' }] });
      expect(await b.renew()).toMatchObject({ source: 'LIVE', machines: [{ id: 'device' }] });
    });
  });

  describe('Between partitions', () => {
    test('nothing is shared', async () => {
      const [a, b] = await two();
      await a.ask();
      await a.written();
      await b.ask(USER_1, callerWith('bob'));
      expect(b.calls).toBe(1);
    });

    test('an entry copied to another key does not open', async () => {
      const [a, b] = await two();
      a.says = 'of-alice';
      await a.ask();
      await a.ask(USER_2);
      await a.written();
      const ofAlice = await entries();
      a.says = 'of-bob';
      await a.ask(USER_1, callerWith('bob'));
      await a.written();
      const [ofBob = ''] = (await entries()).filter((key) => !ofAlice.includes(key));
      const [bobTag, aliceTag] = [ofBob, ofAlice[0] ?? ''].map((key) => /\{.*\}/.exec(key)?.[0]);
      // Even with the generation of the one beside it.
      await redis().copy(
        `defender:${aliceTag}:generation`,
        `defender:${bobTag}:generation`,
        'REPLACE',
      );
      for (const key of ofAlice) {
        await redis().copy(key, ofBob, 'REPLACE');
        const bob = await b.ask(USER_1, callerWith('bob'));
        expect(bob).toMatchObject({ source: 'LIVE', machines: [{ id: 'device' }] });
        b.cache.forget(callerWith('bob'));
      }
      // And not for another user of the same partition.
      const [one = '', other = ''] = ofAlice;
      await redis().copy(one, other, 'REPLACE');
      const found = [await b.ask(USER_1), await b.ask(USER_2)];
      expect(found.map(({ source }) => source).toSorted()).toEqual(['CACHE', 'LIVE']);
    });
  });

  describe('A partition that Defender turns away', () => {
    test.each(['UNAUTHENTICATED', 'FORBIDDEN'])(
      'with %s is forgotten by all replicas, in memory and in Redis',
      async (code) => {
        const [a, b] = await two();
        const c = await replica();
        const bob = callerWith('bob');
        await a.ask();
        await a.ask(USER_1, bob);
        await a.written();
        await b.ask();
        await b.ask(USER_1, bob);
        a.says = code;
        await expect(a.ask(USER_2)).rejects.toMatchObject({ code });
        await sleep(30);
        for (const other of [b, c]) {
          other.says = 'UPSTREAM_UNAVAILABLE';
          await expect(other.ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
          expect(await other.ask(USER_1, bob)).toMatchObject({ source: 'CACHE' });
        }
      },
    );

    test('is out of reach in Redis before the client hears of it', async () => {
      const [a, b] = await two();
      await a.ask();
      await a.written();
      a.says = 'FORBIDDEN';
      await expect(a.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      expect(await b.ask()).toMatchObject({ source: 'LIVE' });
    });

    test('stays so for what other replicas were still reading', async () => {
      const [a, b] = await two();
      const c = await replica();
      const answer = deferred<void>();
      b.until = () => answer.promise;
      const underWay = b.ask();
      await until(() => b.calls === 1);
      a.says = 'FORBIDDEN';
      await expect(a.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await sleep(30);
      answer.resolve();
      await underWay;
      await b.written();
      expect(await entries()).toEqual([]);
      expect(await c.ask()).toMatchObject({ source: 'LIVE' });
      expect(await b.ask()).toMatchObject({ source: 'CACHE', readAt: c.clock.now() });
      expect(b.calls).toBe(1);
    });

    test('is forgotten once Redis can write again, where it could not', async () => {
      const [a, b] = await two();
      await a.ask();
      await a.written();
      await b.ask();
      await redis().config('SET', 'maxmemory', '1');
      a.says = 'FORBIDDEN';
      await expect(a.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      expect(await b.ask()).toMatchObject({ source: 'CACHE' });
      await redis().config('SET', 'maxmemory', '0');
      await a.isReady();
      await sleep(30);
      expect(await b.ask()).toMatchObject({ source: 'LIVE' });
    });

    test('is forgotten by the next question, where a message did not arrive', async () => {
      const b = await replica();
      await b.ask();
      await b.written();
      const [generation = ''] = await redis().keys('*generation');
      await redis().set(generation, `forgotten-${'x'.repeat(22)}`);
      await b.ask(USER_2);
      expect(await b.ask()).toMatchObject({ source: 'LIVE' });
      expect(b.calls).toBe(3);
    });

    test('is not remembered again from what somebody puts back into Redis', async () => {
      const [a, b] = await two();
      await a.ask();
      await a.written();
      const before = await dump();
      a.clock.advance(1_000);
      b.clock.advance(1_000);
      a.says = 'FORBIDDEN';
      await expect(a.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await sleep(30);
      for (const [key, value] of before) await redis().set(key, value);
      expect(await b.ask()).toMatchObject({ source: 'LIVE' });
    });
  });

  describe('With a list of secrets', () => {
    test('what the older one has sealed opens, for replicas that have both', async () => {
      const old = await replica([SECRET]);
      await old.ask();
      await old.written();
      const both = await replica([NEWER, SECRET]);
      expect(await both.ask()).toMatchObject({ source: 'CACHE' });
    });

    test('the newer one seals, and forgettings reach replicas that have only the older one', async () => {
      const [both, old] = [await replica([NEWER, SECRET]), await replica([SECRET])];
      await both.ask();
      await both.written();
      expect(await old.ask()).toMatchObject({ source: 'LIVE' });
      both.says = 'FORBIDDEN';
      await expect(both.ask(USER_2)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await sleep(30);
      old.says = 'UPSTREAM_TIMEOUT';
      await expect(old.ask()).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    });

    test('what another secret has sealed is not found', async () => {
      await (await replica([SECRET])).ask();
      expect(await (await replica([NEWER])).ask()).toMatchObject({ source: 'LIVE' });
    });
  });

  describe('Whoever reads Redis', () => {
    test('finds neither a user, a device, a tenant nor a token', async () => {
      const a = await replica();
      a.says = 'LAB-08.contoso.com'.toLowerCase();
      await a.ask(userNameFrom('anna.lee'), callerWith('token-of-anna'));
      await a.written();
      const all = (await dump()).map(([key, value]) => key + value.toString('latin1')).join('\n');
      expect(await entries()).toHaveLength(1);
      for (const told of ['anna', 'lab-08', 'contoso', 'tenant', 'token', 'app', '"id"', 'null'])
        expect(all).not.toContain(told);
    });
  });

  describe('Whoever writes to Redis', () => {
    test('can not make a wrong answer of 1,000,000 random bytes', async () => {
      const [a, b] = await two();
      const names = Array.from({ length: 40 }, (_, index) => userNameFrom(`user${index}`));
      await Promise.all(names.map((name) => a.ask(name)));
      await a.written();
      const keys = await entries();
      expect(keys).toHaveLength(40);
      const originals = await Promise.all(keys.map((key) => redis().getBuffer(key)));
      for (const [index, key] of keys.entries()) {
        const bytes = randomBytes(25_000);
        const original = originals[index] ?? Buffer.of();
        // All random; random behind the right format; random over a part of what was there; random after it.
        const kinds = [
          bytes,
          Buffer.concat([original.subarray(0, 13), bytes]),
          Buffer.concat([original.subarray(0, 400), bytes]),
          Buffer.concat([original, bytes]),
        ];
        await redis().set(key, kinds[index % 4] ?? bytes);
      }
      b.says = 'true';
      const answers = await Promise.all(names.map((name) => b.ask(name)));
      for (const { source, machines } of answers) {
        expect(source).toBe('LIVE');
        expect(machines).toMatchObject([{ id: 'true' }]);
      }
      expect(b.calls).toBe(40);
      expect(b.logged).toEqual([]);
    });

    test('can do no worse with other kinds of values and with generations', async () => {
      const [a, b] = await two();
      await a.ask();
      await a.written();
      const [entry = ''] = await entries();
      const [generation = ''] = await redis().keys('*generation');
      await redis().del(entry);
      await redis().lpush(entry, 'a list');
      expect(await b.ask()).toMatchObject({ source: 'LIVE' });
      await redis().set(generation, randomBytes(1_000));
      await a.ask(USER_2);
      await sleep(30);
      expect(await redis().get(generation)).toMatch(/^forgotten-[\w-]{22}$/);
      await redis().del(generation);
      await redis().hset(generation, 'a', 'hash');
      expect(await b.ask(USER_2)).toMatchObject({ source: 'LIVE' });
      await sleep(30);
      expect(await redis().get(generation)).toMatch(/^forgotten-[\w-]{22}$/);
      expect([a, b].map(({ logged }) => logged)).toEqual([[], []]);
    });

    test('can not prolong a life', async () => {
      const [a, b] = await two();
      await a.ask();
      await a.written();
      for (const key of await redis().keys('*')) await redis().persist(key);
      b.clock.advance(STALE);
      b.says = 'UPSTREAM_TIMEOUT';
      await expect(b.ask()).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    });
  });

  async function dump(): Promise<[string, Buffer][]> {
    const keys = await redis().keys('*');
    return Promise.all(
      keys.map(async (key): Promise<[string, Buffer]> => [
        key,
        (await redis().getBuffer(key)) ?? Buffer.of(),
      ]),
    );
  }
});
