import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';
import { strangerOn } from './strangers.ts';

let road: Road;
beforeAll(async () => {
  road = await openRoad();
});
afterAll(() => road.close());
beforeEach(() => {
  road.defender.faults.clear();
  road.defender.windows.reset();
  road.defender.ledger.reset();
});

type Fault = Parameters<Road['defender']['faults']['next']>[1];

async function askAfter(fault: Fault, times: number) {
  road.defender.faults.next({ user: 'user1', times }, fault);
  const token = await strangerOn(road);
  return road.ask({ query: ENTITIES, variables: users('user1', 'user3'), token });
}

const passing: [string, Fault][] = [
  ['a reset connection', { kind: 'reset' }],
  ['a body cut short', { kind: 'truncated' }],
  ['status 502', { kind: 'status', status: 502, body: '<html>Bad Gateway</html>' }],
  ['status 503', { kind: 'status', status: 503 }],
  ['status 504', { kind: 'status', status: 504 }],
];

describe('a second attempt is made', () => {
  test.each(passing)('after %s, and is paid for as a call', async (_what, fault) => {
    const { data, errors } = await askAfter(fault, 1);
    expect(errors).toEqual([]);
    expect(data._entities[0].machines).toHaveLength(9);
    expect(road.defender.ledger.byUser).toEqual({ user1: 2, user3: 1 });
  });

  test.each(passing)('but no third after %s', async (_what, fault) => {
    const { data, errors } = await askAfter(fault, 3);
    expect(errors).toMatchObject([
      { path: ['_entities', 0, 'machines'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
    expect(data._entities[1].machines).not.toBeNull();
    expect(road.defender.ledger.byUser).toEqual({ user1: 2, user3: 1 });
  });
});

describe('no second attempt is made', () => {
  const final: [string, Fault, string][] = [
    ['status 400', { kind: 'status', status: 400 }, 'BAD_USER_INPUT'],
    ['status 401', { kind: 'status', status: 401 }, 'UNAUTHENTICATED'],
    ['status 403', { kind: 'status', status: 403 }, 'FORBIDDEN'],
    ['status 429', { kind: 'tooManyRequests', retryAfter: 5 }, 'RATE_LIMITED'],
    ['status 500', { kind: 'status', status: 500 }, 'UPSTREAM_UNAVAILABLE'],
    ['status 501', { kind: 'status', status: 501 }, 'UPSTREAM_UNAVAILABLE'],
    ['a body that is not JSON', { kind: 'notJson' }, 'UPSTREAM_INVALID_RESPONSE'],
    [
      'a claims challenge',
      { kind: 'claimsChallenge', claims: '{"access_token":{}}' },
      'UNAUTHENTICATED',
    ],
  ];
  test.each(final)('after %s', async (_what, fault, code) => {
    const { errors } = await askAfter(fault, 1);
    expect(errors[0]).toMatchObject({ path: ['_entities', 0, 'machines'], extensions: { code } });
    expect(road.defender.ledger.byUser.user1).toBe(1);
  });

  test('after a timeout', async () => {
    road.defender.faults.next({}, { kind: 'hang' });
    const token = await strangerOn(road);
    const asking = road.ask({ query: ENTITIES, variables: users('user1'), token });
    await road.defender.ledger.arrived(1);
    road.clock.advance(10_000);
    expect((await asking).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
    expect(road.defender.ledger.total).toBe(1);
  });
});

test('the outcome of the second attempt is what counts', async () => {
  road.defender.faults.next({ user: 'user1' }, { kind: 'status', status: 503 });
  road.defender.faults.next({ user: 'user1' }, { kind: 'status', status: 403 });
  const token = await strangerOn(road);
  const { errors } = await road.ask({ query: ENTITIES, variables: users('user1'), token });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(road.defender.ledger.byStatus).toEqual({ 403: 1, 503: 1 });
});
