import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../../src/defender/budget/memoryStore.ts';
import { accountOf, type Taken } from '../../../src/defender/budget/store.ts';
import { ManualClock } from '../../../emulator/manualClock.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const MARGIN = 1_000;

function setUp(limits = { minute: 100, hour: 1_500 }, mostBudgets = 1_000) {
  const clock = new ManualClock();
  const store = new MemoryStore({ clock, limits, marginMilliseconds: MARGIN, mostBudgets });
  const take = (account = 'ann', budget = 'contoso') =>
    store.take(budget, accountOf(account, account.startsWith('bulk')));
  /** Takes calls for so many accounts in turn until all are refused. */
  const drain = async (accounts: number, budget = 'contoso') => {
    let taken = 0;
    for (let refused = 0; refused < accounts;) {
      const answer = await take(`drain ${(taken + refused) % accounts}`, budget);
      if ('call' in answer) [taken, refused] = [taken + 1, 0];
      else refused += 1;
    }
    return taken;
  };
  const remaining = async (budget = 'contoso') => {
    const { minute, hour } = await store.read(budget, accountOf('ann', false));
    return { minute: minute.limit - minute.used, hour: hour.limit - hour.used };
  };
  return { clock, store, take, drain, remaining };
}

function refusal(taken: Taken) {
  if ('call' in taken) throw new Error('a call was taken');
  return taken.refused;
}

describe('Two sliding windows', () => {
  test('never hold more than their limits, whoever takes', async () => {
    const { take, drain, clock, remaining } = setUp();
    await drain(200);
    expect(await remaining()).toEqual({ minute: 0, hour: 1_400 });
    expect(refusal(await take())).toMatchObject({ by: 'minute', forAll: true });
    clock.advance(MINUTE + MARGIN - 1);
    expect(refusal(await take()).waitMilliseconds).toBe(1);
    clock.advance(1);
    expect(await take()).toHaveProperty('call');
  });

  test('slide: what was taken early comes back early', async () => {
    const { take, clock, remaining } = setUp({ minute: 4, hour: 100 });
    for (const account of ['a', 'b', 'c', 'd']) {
      await take(account);
      clock.advance(10_000);
    }
    expect(refusal(await take('e')).waitMilliseconds).toBe(MINUTE + MARGIN - 40_000);
    clock.advance(MINUTE + MARGIN - 40_000);
    expect(await remaining()).toMatchObject({ minute: 1 });
  });

  test('are taken together: what the hour refuses costs nothing in the minute', async () => {
    const { drain, clock, take, remaining } = setUp({ minute: 100, hour: 20 });
    await drain(50);
    clock.advance(MINUTE + MARGIN);
    expect(await remaining()).toEqual({ minute: 100, hour: 0 });
    expect(refusal(await take('zoe')).by).toBe('hour');
    expect(await remaining()).toEqual({ minute: 100, hour: 0 });
  });

  test('and what the minute refuses costs nothing in the hour', async () => {
    const { drain, take, remaining } = setUp({ minute: 10, hour: 100 });
    await drain(50);
    expect(refusal(await take('zoe')).by).toBe('minute');
    expect(await remaining()).toEqual({ minute: 0, hour: 90 });
  });

  test('give back in both what is refunded, once', async () => {
    const { store, take, remaining } = setUp();
    await take();
    const taken = await take();
    if (!('call' in taken)) throw new Error('refused');
    await store.refund('contoso', taken.call);
    await store.refund('contoso', taken.call);
    expect(await remaining()).toEqual({ minute: 99, hour: 1_499 });
  });

  test('are apart for each budget', async () => {
    const { drain, take } = setUp();
    await drain(200, 'contoso');
    expect(await take('ann', 'fabrikam')).toHaveProperty('call');
  });
});

describe('A pause', () => {
  test('refuses everybody until it has passed, and is never shortened', async () => {
    const { store, take, clock } = setUp();
    await store.pause('contoso', 30_000);
    await store.pause('contoso', 5_000);
    expect(refusal(await take())).toMatchObject({
      by: 'pause',
      forAll: true,
      waitMilliseconds: 30_000,
    });
    clock.advance(29_999);
    expect(await take('newcomer')).toHaveProperty('refused');
    clock.advance(1);
    expect(await take('newcomer')).toHaveProperty('call');
  });

  test('leaves other budgets alone', async () => {
    const { store, take } = setUp();
    await store.pause('contoso', 30_000);
    expect(await take('ann', 'fabrikam')).toHaveProperty('call');
  });
});

describe('A lesson', () => {
  test('lowers a limit for an hour, and never raises one', async () => {
    const { store, clock, remaining } = setUp();
    await store.teach('contoso', 'minute', 60);
    await store.teach('contoso', 'hour', 9_000);
    expect(await remaining()).toEqual({ minute: 60, hour: 1_500 });
    clock.advance(HOUR);
    expect(await remaining()).toEqual({ minute: 100, hour: 1_500 });
  });

  test('holds for calls that were taken before it', async () => {
    const { drain, store, take, clock } = setUp();
    await drain(200);
    await store.teach('contoso', 'minute', 60);
    clock.advance(MINUTE + MARGIN - 1);
    expect(refusal(await take('zoe')).waitMilliseconds).toBe(1);
  });
});

describe('Shares', () => {
  test('let a lone caller burst, and keep a quarter of the minute for who may come', async () => {
    const { drain, take, remaining } = setUp();
    expect(await drain(1)).toBeLessThanOrEqual(80);
    const { minute } = await remaining();
    expect(minute).toBeGreaterThanOrEqual(20);
    for (let calls = 0; calls < 10; calls += 1)
      expect(await take('newcomer')).toHaveProperty('call');
  });

  test('spread what a lone caller has beyond its burst evenly over the minute', async () => {
    const { drain, clock } = setUp();
    await drain(1);
    const perTenSeconds: number[] = [];
    for (let tenth = 0; tenth < 6; tenth += 1) {
      let taken = 0;
      for (let second = 0; second < 10; second += 1) {
        clock.advance(1_000);
        taken += await drain(1);
      }
      perTenSeconds.push(taken);
    }
    for (const taken of perTenSeconds) expect(taken).toBeGreaterThanOrEqual(2);
    expect(Math.max(...perTenSeconds)).toBeLessThanOrEqual(6);
  });

  test('always leave something of the window to newcomers, however long a lone caller asks', async () => {
    const { drain, clock, remaining } = setUp({ minute: 1_000, hour: 100 });
    const left: number[] = [];
    for (let step = 0; step < 720; step += 1) {
      await drain(1);
      left.push((await remaining()).hour);
      clock.advance(10_000);
    }
    expect(Math.min(...left)).toBeGreaterThanOrEqual(2);
    expect(left.at(-1)).toBeLessThanOrEqual(4);
  });

  test('give bulk callers together a tenth at once, and the rest evenly', async () => {
    const { take } = setUp();
    let taken = 0;
    while ('call' in (await take(`bulk ${taken % 3}`))) taken += 1;
    expect(taken).toBeGreaterThanOrEqual(10);
    expect(taken).toBeLessThanOrEqual(15);
    expect(refusal(await take('bulk 1')).forAll).toBe(false);
  });

  test('let bulk callers have their tenth where the rest is used up', async () => {
    const { take, drain, clock } = setUp({ minute: 100, hour: 10_000 });
    await drain(200);
    clock.advance(MINUTE + MARGIN);
    let bulk = 0;
    for (let call = 0; call < 90; call += 1) await take(`caller ${call}`);
    while ('call' in (await take('bulk'))) bulk += 1;
    expect(bulk).toBe(10);
  });
});

describe('Invented names', () => {
  test('are forgotten once their calls are refunded', async () => {
    const { store, take } = setUp();
    for (let name = 0; name < 5_000; name += 1) {
      const taken = await take('attacker', `invented ${name}`);
      if ('call' in taken) await store.refund(`invented ${name}`, taken.call);
    }
    expect(store.size).toBe(0);
  });

  test('are not remembered for being read', async () => {
    const { store, remaining } = setUp();
    await remaining('invented');
    expect(store.size).toBe(0);
  });

  test('beyond the bound share one budget, and never reset one that is spent', async () => {
    const { store, drain, take, remaining } = setUp({ minute: 10, hour: 100 }, 3);
    await drain(50, 'contoso');
    for (let name = 0; name < 50; name += 1) await take('attacker', `invented ${name}`);
    expect(store.size).toBe(3);
    expect(await remaining('contoso')).toEqual({ minute: 0, hour: 90 });
    expect((await remaining('another')).minute).toBeLessThan(5);
  });

  test('do not get a budget of their own while they have something spent among the others', async () => {
    const { take, clock, remaining } = setUp({ minute: 10, hour: 100 }, 3);
    for (const name of ['a', 'b', 'c']) await take('ann', name);
    clock.advance(HOUR / 2);
    for (let call = 0; call < 5; call += 1) await take(`ann ${call}`, 'late');
    clock.advance(HOUR / 2 + MARGIN);
    expect(await remaining('late')).toEqual({ minute: 10, hour: 95 });
    await take('ann', 'late');
    expect(await remaining('late')).toEqual({ minute: 9, hour: 94 });
  });

  test('make room again once what they spent has come back', async () => {
    const { store, take, clock, remaining } = setUp({ minute: 10, hour: 100 }, 3);
    for (let name = 0; name < 50; name += 1) await take('attacker', `invented ${name}`);
    clock.advance(HOUR + MARGIN);
    await take('ann', 'contoso');
    expect(store.size).toBe(1);
    expect(await remaining('contoso')).toEqual({ minute: 9, hour: 99 });
  });
});
