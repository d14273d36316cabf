import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';

describe('the life of a request', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad({
      REQUEST_DEADLINE_SECONDS: '5',
      DEFENDER_TIMEOUT_SECONDS: '60',
      DEFENDER_MAX_CONCURRENCY: '2',
    });
  });
  afterAll(() => road.close());
  beforeEach(() => {
    road.clock.advance(301_000);
    road.defender.faults.clear();
    road.defender.ledger.reset();
  });

  test('at its deadline it answers what it has, and fails the users who wait, in a queue or at Defender', async () => {
    road.defender.faults.always({ user: 'user4' }, { kind: 'hang' });
    road.defender.faults.always({ user: 'user5' }, { kind: 'hang' });
    const asking = road.ask({
      query: ENTITIES,
      variables: users('user1', 'user4', 'user5', 'user6'),
      as: 'carol',
    });
    await road.defender.ledger.arrived(3);
    road.clock.advance(5_000);
    const { data, errors } = await asking;
    expect(data._entities[0].machines).toHaveLength(9);
    expect(errors.map(({ path, extensions }) => ({ path, code: extensions.code }))).toEqual(
      [1, 2, 3].map((index) => ({
        path: ['_entities', index, 'machines'],
        code: 'DEADLINE_EXCEEDED',
      })),
    );
    await road.defender.ledger.abortedBy(2);
    expect(road.defender.ledger.byUser).not.toHaveProperty('user6');
  });

  test('when its client goes away, its calls are cancelled', async () => {
    road.defender.faults.always({}, { kind: 'hang' });
    const client = new AbortController();
    const asking = road.ask({
      query: ENTITIES,
      variables: users('user1'),
      as: 'carol',
      signal: client.signal,
    });
    await road.defender.ledger.arrived(1);
    client.abort();
    await expect(asking).rejects.toThrow('aborted');
    await road.defender.ledger.abortedBy(1);
  });

  test('when its client goes away, others who wait for the same user are served', async () => {
    const held = road.defender.faults.next({}, { kind: 'held' });
    const client = new AbortController();
    const variables = users('user1');
    const leaving = road.ask({ query: ENTITIES, variables, as: 'carol', signal: client.signal });
    await road.defender.ledger.arrived(1);
    const staying = road.ask({ query: ENTITIES, variables, as: 'carol' });
    client.abort();
    await expect(leaving).rejects.toThrow('aborted');
    held.release();
    expect((await staying).data._entities[0].machines).toHaveLength(9);
  });

  test('a caller without a token is told so on each user, without a call', async () => {
    const { data, errors, status } = await road.ask({
      query: ENTITIES,
      variables: users('user1', 'user2'),
    });
    expect(status).toBe(200);
    expect(data._entities.map(({ machines }: { machines: unknown }) => machines)).toEqual([
      null,
      null,
    ]);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
    ]);
    expect(road.defender.ledger.total).toBe(0);
  });

  test.each(['Basic dXNlcg==', 'Bearer', 'Bearer two words', 'Bearer a\u00e9', 'bearer'])(
    'the Authorization header "%s" is no token',
    async (authorization) => {
      const response = await fetch(road.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: ENTITIES, variables: users('user1') }),
      });
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
      expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
      expect(road.defender.ledger.total).toBe(0);
    },
  );
});
