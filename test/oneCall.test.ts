import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ENTITIES, openRoad, users, type Road } from './road.ts';

describe('one call per distinct user', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());
  beforeEach(() => {
    // Whatever an earlier test has cached has died by now.
    road.clock.advance(301_000);
    road.defender.ledger.reset();
  });

  const hundredOfTwenty = users(
    ...Array.from({ length: 100 }, (_, index) => `user${1 + (index % 20)}`),
  );

  test('a hundred representations of twenty users make twenty calls, and none when asked again', async () => {
    const first = await road.ask({ query: ENTITIES, variables: hundredOfTwenty, as: 'carol' });
    expect(first.errors).toEqual([]);
    expect(first.data._entities).toHaveLength(100);
    expect(road.defender.ledger.total).toBe(20);

    const again = await road.ask({ query: ENTITIES, variables: hundredOfTwenty, as: 'carol' });
    expect(again.data).toEqual(first.data);
    expect(road.defender.ledger.total).toBe(20);
  });

  test('aliases, fields, arguments and both entry points share the call of a user', async () => {
    const { data, errors } = await road.ask({
      query: `query ($representations: [_Any!]!) {
        one: _entities(representations: $representations) { ... on User { ...Every } }
        two: _entities(representations: $representations) { ... on User { ...Every } }
        machinesByUser(userNames: ["USER1", "CONTOSO\\\\user1", "user2@contoso.com"]) {
          userName machineCount machines { id } machinesFreshness { source }
        }
      }
      fragment Every on User {
        machines { id }
        risky: machines(filter: { riskScore: [HIGH] }, first: 1) { id }
        byName: machines(orderBy: { field: COMPUTER_DNS_NAME }, offset: 1) { id }
        machineCount
        risks: machineCount(filter: { riskScore: [HIGH] })
        machinesFreshness { asOf source complete }
      }`,
      variables: users('user1', 'user2', 'user1@contoso.com'),
      as: 'carol',
    });
    expect(errors).toEqual([]);
    expect(road.defender.ledger.byUser).toEqual({ user1: 1, user2: 1 });
    expect(data.one).toEqual(data.two);
    expect(data.machinesByUser.map(({ userName }: { userName: string }) => userName)).toEqual([
      'USER1',
      'CONTOSO\\user1',
      'user2@contoso.com',
    ]);
    expect(data.machinesByUser[0].machines).toEqual(data.one[0].machines);
  });

  test('two requests of one caller at the same moment share the flight, another caller makes one of its own', async () => {
    const held = road.defender.faults.next({ times: 2 }, { kind: 'held' });
    const asking = ['alice', 'alice', 'bob'].map((as) =>
      road.ask({ query: ENTITIES, variables: users('user1'), as }),
    );
    await road.defender.ledger.arrived(2);
    held.release();
    const [one, other, bobs] = await Promise.all(asking);
    expect(one?.data).toEqual(other?.data);
    expect(bobs?.data).not.toEqual(one?.data);
    expect(road.defender.ledger.byCaller).toEqual({ alice: 1, bob: 1 });
  });

  test('the source of an answer is told', async () => {
    const query = `{ machinesByUser(userNames: ["user3"]) { machinesFreshness { source asOf complete } } }`;
    const readAt = new Date(road.clock.now()).toISOString();
    const sourceOf = async () =>
      (await road.ask({ query, as: 'carol' })).data.machinesByUser[0].machinesFreshness;
    expect(await sourceOf()).toEqual({ source: 'LIVE', asOf: readAt, complete: true });
    road.clock.advance(299_000);
    expect(await sourceOf()).toEqual({ source: 'CACHE', asOf: readAt, complete: true });
    road.clock.advance(1_000);
    expect(await sourceOf()).toMatchObject({ source: 'LIVE' });
  });
});
