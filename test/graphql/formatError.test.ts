import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GraphQLError } from 'graphql';
import type { Fault } from '../../emulator/faults.ts';
import { createFormatError } from '../../src/graphql/formatError.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';

describe('the failure of one user', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());
  beforeEach(() => {
    road.clock.advance(301_000);
    road.defender.faults.clear();
    road.defender.ledger.reset();
  });

  const hundred = Array.from({ length: 100 }, (_, index) => `user${index + 1}`);
  const SECRET = 'upstream-secret https://internal.example/stack at Object.<anonymous>';
  const status = (code: number): Fault => ({
    kind: 'status',
    status: code,
    body: { error: { code: 'Odd', message: SECRET, target: SECRET } },
  });

  test.each<[string, Fault, string]>([
    ['400', status(400), 'BAD_USER_INPUT'],
    ['418', status(418), 'UPSTREAM_INVALID_RESPONSE'],
    [
      '301 to another host',
      { kind: 'status', status: 301, headers: { location: 'http://127.0.0.1:1/' }, body: '' },
      'UPSTREAM_INVALID_RESPONSE',
    ],
    ['500', status(500), 'UPSTREAM_UNAVAILABLE'],
    ['503', status(503), 'UPSTREAM_UNAVAILABLE'],
    ['a reset', { kind: 'reset' }, 'UPSTREAM_UNAVAILABLE'],
    ['no JSON', { kind: 'notJson', body: SECRET }, 'UPSTREAM_INVALID_RESPONSE'],
    ['no list', { kind: 'wrongShape', shape: 'noValue' }, 'UPSTREAM_INVALID_RESPONSE'],
  ])('by %s leaves ninety-nine others whole', async (_name, fault, code) => {
    road.defender.faults.always({ user: 'user50' }, fault);
    const {
      data,
      errors,
      status: httpStatus,
    } = await road.ask({
      query: ENTITIES,
      variables: users(...hundred),
      as: 'carol',
    });
    expect(httpStatus).toBe(200);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ path: ['_entities', 49, 'machines'], extensions: { code } });
    expect(JSON.stringify(errors)).not.toMatch(/upstream-secret|https?:|stack|127\.0\.0\.1/);
    data._entities.forEach(
      ({ id, machines }: { id: string; machines: { id: string }[] | null }, index: number) => {
        if (index === 49) return expect(machines).toBeNull();
        return expect(machines?.map((machine) => machine.id) ?? null).toEqual(
          road.defender.visibleTo('carol', id)?.map((machine) => machine.id) ?? null,
        );
      },
    );
  });

  test('by 401 or 403 names the token, and what it needs', async () => {
    const dave = await road.ask({ query: ENTITIES, variables: users('user1'), as: 'dave' });
    expect(dave.errors[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    expect(dave.errors[0]?.message).toMatch(
      /audience.*Machine\.Read.*Machine\.ReadWrite.*View Data/,
    );

    const nobody = await road.ask({
      query: ENTITIES,
      variables: users('user1'),
      token: 'invented',
    });
    expect(nobody.errors[0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  test('by a claims challenge hands the claims to the client', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1702682181"}}}';
    road.defender.faults.next({}, { kind: 'claimsChallenge', claims });
    const { errors } = await road.ask({ query: ENTITIES, variables: users('user1'), as: 'carol' });
    expect(errors[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      claims: Buffer.from(claims).toString('base64'),
    });
  });

  test('by a 429 says when to ask again, and nobody of that application asks before', async () => {
    road.defender.faults.next({}, { kind: 'tooManyRequests', retryAfter: 7 });
    // Seven seconds, and less than one of jitter.
    const limited = await road.ask({ query: ENTITIES, variables: users('user1'), as: 'carol' });
    expect(limited.errors[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 8,
    });

    road.clock.advance(7_000);
    const early = await road.ask({ query: ENTITIES, variables: users('user1'), as: 'alice' });
    expect(early.errors[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 1,
    });
    expect(road.defender.ledger.total).toBe(1);

    road.clock.advance(1_000);
    expect(
      (await road.ask({ query: ENTITIES, variables: users('user1'), as: 'carol' })).errors,
    ).toEqual([]);
    expect(road.defender.ledger.tooEarly).toBe(0);
  });

  test('that is an unknown user is null without an error; one without devices is an empty list', async () => {
    const { data, errors } = await road.ask({
      query: `{ machinesByUser(userNames: ["nobody-at-all", "user2"]) { machines { id } machineCount } }`,
      as: 'carol',
    });
    expect(errors).toEqual([]);
    expect(data.machinesByUser).toEqual([
      { machines: null, machineCount: null },
      { machines: [], machineCount: 0 },
    ]);
  });

  test('is not remembered', async () => {
    road.defender.faults.next({}, status(500));
    await road.ask({ query: ENTITIES, variables: users('user1'), as: 'carol' });
    const { data, errors } = await road.ask({
      query: ENTITIES,
      variables: users('user1'),
      as: 'carol',
    });
    expect(errors).toEqual([]);
    expect(data._entities[0].machines).toHaveLength(9);
  });

  test('is never kept by a cache on the way', async () => {
    const fine = await road.ask({ query: ENTITIES, variables: users('user1'), as: 'carol' });
    expect(fine.headers.get('cache-control')).toBe('max-age=300, private');
    road.clock.advance(100_500);
    const older = await road.ask({ query: ENTITIES, variables: users('user1'), as: 'carol' });
    expect(older.headers.get('cache-control')).toBe('max-age=199, private');
    const failed = await road.ask({ query: ENTITIES, variables: users('user1', ''), as: 'carol' });
    expect(failed.headers.get('cache-control')).toBe('no-store');
  });
});

describe('a request that GraphQL refuses', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());

  test.each([
    ['by its syntax', '{', {}, 'GRAPHQL_PARSE_FAILED', 400],
    ['by its fields', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED', 400],
    ['as a mutation', 'mutation { delete }', {}, 'OPERATION_RESOLUTION_FAILURE', 200],
    ['as a subscription', 'subscription { all }', {}, 'OPERATION_RESOLUTION_FAILURE', 200],
    ['by its variables', ENTITIES, { representations: 7 }, 'BAD_USER_INPUT', 200],
    [
      'by a date',
      '{ machinesByUser(userNames: ["user1"]) { machines(filter: { lastSeenAfter: "soon" }) { id } } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
      400,
    ],
  ])('%s keeps its own code and message', async (_name, query, variables, code, status) => {
    const reply = await road.ask({ query, variables, as: 'carol' });
    expect(reply.status).toBe(status);
    expect(reply.errors).toMatchObject([{ extensions: { code } }]);
    expect(reply.errors[0]?.message).not.toContain('This service has a fault');
    expect(road.logged.join('')).not.toContain('a fault of this service');
  });
});

describe('what GraphQL says of a request', () => {
  const log = createLog('silent');
  const told = (message: string, hidesSuggestions: boolean) => {
    const error = new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
    return createFormatError(log, hidesSuggestions)(error.toJSON(), error).message;
  };

  test.each([
    ['Cannot query field "machine". Did you mean "machines"?', 'Cannot query field "machine".'],
    [
      'Value "Did you mean it?" does not exist. Did you mean the enum value "HIGH" or "LOW"?',
      'Value "Did you mean it?" does not exist.',
    ],
    ['Value "Did you mean it?" is wrong.', 'Value "Did you mean it?" is wrong.'],
  ])('loses its suggestion alone where they are hidden: %s', (message, without) => {
    expect(told(message, true)).toBe(without);
    expect(told(message, false)).toBe(message);
  });

  test('is cut where it quotes very much', () => {
    expect(told('Did you mean '.repeat(200_000), true)).toHaveLength(1_001);
    expect(told('x'.repeat(1_000), true)).toHaveLength(1_000);
  });
});
