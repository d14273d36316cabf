import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';

const BUDGET =
  '{ defenderBudget { minute { limit remaining resetsAt } hour { limit remaining } pausedUntil } }';
const ESTIMATE =
  'query ($names: [String!]!) { defenderEstimate(userNames: $names) { cached calls readyAt } }';

describe('looking ahead', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad({ DEFENDER_CALLS_PER_MINUTE: '20', DEFENDER_CALLS_PER_HOUR: '1500' });
  });
  afterAll(() => road.close());

  test('tells what is left, what is cached and when the rest can be had, without a call', async () => {
    const start = road.clock.now();
    const at = (milliseconds: number) => new Date(start + milliseconds).toISOString();
    const whole = await road.ask({ query: BUDGET, as: 'carol' });
    expect(whole.data.defenderBudget).toEqual({
      minute: { limit: 20, remaining: 20, resetsAt: at(0) },
      hour: { limit: 1_500, remaining: 1_500 },
      pausedUntil: null,
    });

    await road.ask({ query: ENTITIES, variables: users('user1', 'user3', 'user4'), as: 'carol' });
    const left = await road.ask({ query: BUDGET, as: 'carol' });
    expect(left.data.defenderBudget).toMatchObject({
      minute: { limit: 20, remaining: 17, resetsAt: at(61_000) },
      hour: { limit: 1_500, remaining: 1_497 },
    });
    expect(left.headers.get('cache-control')).toBe('no-store');

    const few = await road.ask({
      query: ESTIMATE,
      variables: { names: ['user1', 'USER1', 'user3@contoso.com', 'user5', ''] },
      as: 'carol',
    });
    expect(few.data.defenderEstimate).toEqual({ cached: 2, calls: 1, readyAt: at(0) });

    const many = Array.from({ length: 60 }, (_, index) => `user${index + 10}`);
    const later = await road.ask({ query: ESTIMATE, variables: { names: many }, as: 'carol' });
    expect(later.data.defenderEstimate).toMatchObject({ cached: 0, calls: 60 });
    const readyAt = Date.parse(later.data.defenderEstimate.readyAt);
    expect(readyAt).toBeGreaterThan(start + 61_000);
    expect(readyAt).toBeLessThan(start + 5 * 61_000);

    expect(road.defender.ledger.total).toBe(3);
  });

  test('tells a pause', async () => {
    road.defender.faults.next({}, { kind: 'tooManyRequests', retryAfter: 30 });
    await road.ask({ query: ENTITIES, variables: users('user8'), as: 'carol' });
    const { data } = await road.ask({ query: BUDGET, as: 'carol' });
    const pause = Date.parse(data.defenderBudget.pausedUntil) - road.clock.now();
    expect(pause).toBeGreaterThanOrEqual(30_000);
    expect(pause).toBeLessThanOrEqual(31_000);
  });

  test('needs a caller, and says so', async () => {
    const { data, errors } = await road.ask({ query: BUDGET });
    expect(data).toEqual({ defenderBudget: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
