import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithRedis } from '../redis/describeWithRedis.ts';
import { until } from './replica.ts';
import { replicasWithRedis } from './replicasWithRedis.ts';
import { callerWith, deferred, USER_1, USER_2 } from './sightings.ts';

describeWithRedis('One flight for all replicas', () => {
  const { redis, replica } = replicasWithRedis();

  /** Replicas of which the first is under way to Defender, until `land` is called. */
  async function three() {
    const answer = deferred<void>();
    const [a, b, c] = [await replica(), await replica(), await replica()];
    a.until = () => answer.promise;
    const first = a.ask();
    await until(() => a.calls === 1);
    return { a, b, c, first, land: answer.resolve, fail: answer.reject };
  }

  const leases = () => redis().keys('*lease*');

  test('who comes later waits for the answer of who came first', async () => {
    const { b, c, first, land } = await three();
    const later = [b.ask(), c.ask()];
    await sleep(30);
    land();
    const { readAt } = await first;
    for (const one of later)
      expect(await one).toMatchObject({ source: 'CACHE', readAt, machines: [{ id: 'device' }] });
    expect([b.calls, c.calls]).toEqual([0, 0]);
    expect(await leases()).toEqual([]);
  });

  test('another user, and another caller, do not wait', async () => {
    const { b, c, first, land } = await three();
    expect(await b.ask(USER_2)).toMatchObject({ source: 'LIVE' });
    expect(await c.ask(USER_1, callerWith('bob'))).toMatchObject({ source: 'LIVE' });
    land();
    await first;
  });

  test('who has waited for a second asks for itself', async () => {
    const { b, first, land } = await three();
    const later = b.ask();
    await sleep(30);
    expect(b.calls).toBe(0);
    b.clock.advance(1_000);
    expect(await later).toMatchObject({ source: 'LIVE' });
    land();
    await first;
  });

  test('who waits for one that fails asks for itself at once', async () => {
    const { b, first, fail } = await three();
    const later = b.ask();
    await sleep(30);
    fail(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    expect(await later).toMatchObject({ source: 'LIVE' });
    expect(await leases()).toEqual([]);
  });

  test('who has no more time goes, and the others get the answer', async () => {
    const { b, c, first, land } = await three();
    const leaving = new AbortController();
    const [gone, staying] = [b.ask(USER_1, callerWith('alice'), leaving.signal), c.ask()];
    await sleep(30);
    leaving.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    land();
    await first;
    expect(await staying).toMatchObject({ source: 'CACHE' });
  });

  test('where nobody waits any more, nobody asks', async () => {
    const { b, first, fail } = await three();
    const leaving = new AbortController();
    const gone = b.ask(USER_1, callerWith('alice'), leaving.signal);
    await sleep(30);
    leaving.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    fail(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    await sleep(30);
    expect(b.calls).toBe(0);
  });

  test('nobody waits on when Redis goes', async () => {
    const { b, first, land } = await three();
    const later = b.ask();
    await sleep(30);
    await redis().call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    expect(await later).toMatchObject({ source: 'LIVE' });
    land();
    await first;
  });

  test('a lease whose holder has died ends by itself, and only its holder ends it before', async () => {
    const { first, land } = await three();
    const [name = ''] = await leases();
    const left = await redis().pttl(name);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(5_000);
    await redis().set(name, 'somebody else', 'PX', 5_000);
    land();
    await first;
    await sleep(30);
    expect(await leases()).toEqual([name]);
  });
});
