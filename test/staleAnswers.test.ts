import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openRoad, type Road } from './road.ts';

const QUERY = `{ machinesByUser(userNames: ["user1"]) { machines { id } machinesFreshness { source asOf } } }`;

describe('over the whole road, where Defender fails', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());
  beforeEach(() => {
    road.defender.faults.clear();
    road.clock.advance(3_600_000);
  });

  test.each([
    ['a 500', { kind: 'status', status: 500, body: '' }],
    ['a 429', { kind: 'tooManyRequests', retryAfter: 5 }],
    ['a reset', { kind: 'reset' }],
    ['what is no JSON', { kind: 'notJson' }],
  ] as const)('with %s, the last answer stands in and says so', async (_name, fault) => {
    const fresh = await road.ask({ query: QUERY, as: 'carol' });
    const [first] = fresh.data.machinesByUser;
    expect(first.machinesFreshness.source).toBe('LIVE');

    road.clock.advance(301_000);
    road.defender.faults.always({}, fault);
    const stale = await road.ask({ query: QUERY, as: 'carol' });
    expect(stale.errors).toEqual([]);
    expect(stale.data.machinesByUser).toEqual([
      { ...first, machinesFreshness: { ...first.machinesFreshness, source: 'STALE' } },
    ]);
    expect(stale.headers.get('cache-control')).toBe('no-store');

    const others = await road.ask({ query: QUERY, as: 'alice' });
    expect(others.data.machinesByUser[0].machines).toBeNull();
    expect(others.errors).not.toEqual([]);
  });

  test.each([401, 403])('but with a %i nothing does', async (status) => {
    await road.ask({ query: QUERY, as: 'carol' });
    road.clock.advance(301_000);
    road.defender.faults.next({}, { kind: 'status', status });
    const refused = await road.ask({ query: QUERY, as: 'carol' });
    expect(refused.data.machinesByUser[0].machines).toBeNull();
    road.defender.faults.always({}, { kind: 'status', status: 500, body: '' });
    const after = await road.ask({ query: QUERY, as: 'carol' });
    expect(after.errors.map(({ extensions }) => extensions.code)).toContain('UPSTREAM_UNAVAILABLE');
  });
});

describe('the budget over the whole road', () => {
  test('answers what fits, and fails the rest with the time to ask again', async () => {
    const road = await openRoad({
      DEFENDER_CALLS_PER_MINUTE: '20',
      DEFENDER_CALLS_PER_HOUR: '1500',
    });
    const names = Array.from({ length: 30 }, (_, index) => `user${index + 1}`);
    const query =
      'query ($names: [String!]!) { machinesByUser(userNames: $names) { machineCount } }';
    const { data, errors } = await road.ask({ query, variables: { names }, as: 'carol' });
    const answered = data.machinesByUser.filter(
      ({ machineCount }: { machineCount: number | null }) => machineCount !== null,
    );
    expect(answered.length).toBe(road.defender.ledger.total);
    expect(answered.length).toBeGreaterThanOrEqual(15);
    expect(answered.length).toBeLessThanOrEqual(20);
    expect(errors).toHaveLength(30 - answered.length);
    for (const { extensions } of errors) {
      expect(extensions).toMatchObject({ code: 'RATE_LIMITED' });
      road.clock.advance(0);
    }
    const [soonest] = errors
      .map(({ extensions }) => Number(extensions.retryAfterSeconds))
      .toSorted((a, b) => a - b);
    road.clock.advance((soonest ?? 0) * 1_000);
    const again = await road.ask({ query, variables: { names }, as: 'carol' });
    expect(again.errors.length).toBeLessThan(errors.length);
    await road.close();
  });

  test('leaves interactive callers more than a notebook that says it is bulk', async () => {
    const road = await openRoad({
      DEFENDER_CALLS_PER_MINUTE: '100',
      DEFENDER_CALLS_PER_HOUR: '1500',
    });
    const names = Array.from({ length: 90 }, (_, index) => `user${index + 1}`);
    const query =
      'query ($names: [String!]!) { machinesByUser(userNames: $names) { machineCount } }';
    const ask = async (priority: string, token: string) => {
      const before = road.defender.ledger.total;
      const response = await fetch(road.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'x-defender-priority': priority,
        },
        body: JSON.stringify({ query, variables: { names } }),
      });
      await response.json();
      return road.defender.ledger.total - before;
    };
    const notebook = await ask('bulk', await road.defender.issuer.defenderToken('reporter'));
    const person = await ask('interactive', await road.defender.issuer.defenderToken('carol'));
    expect(notebook).toBeGreaterThanOrEqual(10);
    expect(notebook).toBeLessThan(25);
    expect(person).toBeGreaterThan(50);
    await road.close();
  });

  test('lets who asks for the same long list again and again see all of it', async () => {
    const road = await openRoad({
      DEFENDER_CALLS_PER_MINUTE: '20',
      DEFENDER_CALLS_PER_HOUR: '1500',
    });
    const names = Array.from({ length: 80 }, (_, index) => `user${index + 1}`);
    const query =
      'query ($names: [String!]!) { machinesByUser(userNames: $names) { machineCount } }';
    const failing = async () =>
      (await road.ask({ query, variables: { names }, as: 'carol' })).errors.length;
    let rounds = 0;
    while ((await failing()) > 0 && rounds < 40) {
      road.clock.advance(30_000);
      rounds += 1;
    }
    // 80 calls at 20 a minute take four minutes, and what grows old meanwhile is asked for again.
    expect(rounds).toBeLessThanOrEqual(20);
    await road.close();
  });
});
