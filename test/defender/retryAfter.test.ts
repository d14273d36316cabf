import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { retryAfterMilliseconds } from '../../src/defender/retryAfter.ts';
import { ENTITIES, openRoad, users, type Reply, type Road } from '../road.ts';
import { strangerOn } from './strangers.ts';

const now = Date.UTC(2026, 9, 21, 7, 28);

describe('Retry-After', () => {
  test.each([
    ['7', 7_000],
    ['0', 0],
    ['1.5', 1_500],
    [' 30 ', 30_000],
    ['Wed, 21 Oct 2026 07:28:10 GMT', 10_000],
    ['Wednesday, 21-Oct-26 07:28:10 GMT', 10_000],
    ['Wed Oct 21 07:28:10 2026', 10_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
  ])('%p is that many milliseconds', (header, milliseconds) => {
    expect(retryAfterMilliseconds(header, now)).toBe(milliseconds);
  });

  test.each([
    undefined,
    null,
    '',
    '  ',
    'soon',
    'soon 5',
    '-5',
    '1e3',
    '0x10',
    '7 s',
    'Infinity',
    '2026-10-21T07:28:10Z',
    'Wed, 99 Oct 2026 07:28:10 GMT',
    7,
    ['7'],
  ])('%p says nothing', (header) => {
    expect(retryAfterMilliseconds(header, now)).toBeUndefined();
  });

  test('is never negative and never without end', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.jsonValue()), (header) => {
        const milliseconds = retryAfterMilliseconds(header, now) ?? 0;
        expect(milliseconds).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(milliseconds)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('after a 429', () => {
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

  const ask = (token: string, ...names: string[]) =>
    road.ask({ query: ENTITIES, variables: users(...names), token });
  const secondsOf = ({ errors }: Reply) => Number(errors[0]?.extensions.retryAfterSeconds);

  test.each([
    ['seconds', 7, 7],
    ['a decimal', 6.5, 7],
    ['a date', () => new Date(road.clock.now() + 9_000).toUTCString(), 9],
  ])(
    'that names its time by %s, nobody calls before it has passed',
    async (_form, given, seconds) => {
      const token = await strangerOn(road);
      const retryAfter = typeof given === 'function' ? given() : given;
      road.defender.faults.next({}, { kind: 'tooManyRequests', retryAfter });
      const refused = await ask(token, 'user1');
      expect(refused.data._entities).toEqual([{ id: 'user1', machines: null }]);
      expect(refused.errors).toMatchObject([
        { path: ['_entities', 0, 'machines'], extensions: { code: 'RATE_LIMITED' } },
      ]);
      // The time that was named, and never less; a pause may be spread by a second.
      expect(secondsOf(refused)).toBeGreaterThanOrEqual(seconds);
      expect(secondsOf(refused)).toBeLessThanOrEqual(seconds + 1);

      road.clock.advance(3_000);
      const early = await ask(token, 'user1', 'user3');
      expect(early.errors.map(({ extensions }) => extensions.code)).toEqual([
        'RATE_LIMITED',
        'RATE_LIMITED',
      ]);
      expect(road.defender.ledger.total).toBe(1);

      road.clock.advance(secondsOf(early) * 1_000);
      const { errors } = await ask(token, 'user1', 'user3');
      expect(errors).toEqual([]);
      expect(road.defender.ledger.total).toBe(3);
      expect(road.defender.ledger.tooEarly).toBe(0);
    },
  );

  test('that names no time there is a pause all the same', async () => {
    const token = await strangerOn(road);
    road.defender.faults.next({}, { kind: 'tooManyRequests', retryAfter: null });
    const refused = await ask(token, 'user1');
    expect(secondsOf(refused)).toBeGreaterThanOrEqual(10);
    road.clock.advance(5_000);
    expect((await ask(token, 'user1')).errors).toHaveLength(1);
    expect(road.defender.ledger.total).toBe(1);
    road.clock.advance(secondsOf(refused) * 1_000);
    expect((await ask(token, 'user1')).errors).toEqual([]);
  });

  test('other applications go on, other callers of the application wait too', async () => {
    const application = { claims: { appid: 'one-application' } };
    const alice = await road.defender.issuer.defenderToken('alice', application);
    const bob = await road.defender.issuer.defenderToken('bob', application);
    road.defender.faults.next({}, { kind: 'tooManyRequests', retryAfter: 20 });
    await ask(alice, 'user1');
    expect((await ask(bob, 'user1')).errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED' } },
    ]);
    expect((await ask(await strangerOn(road, 'alice'), 'user1')).errors).toEqual([]);
    expect(road.defender.ledger.byCaller).toEqual({ alice: 2 });
  });

  test('what is cached is still answered, and the refusal is not retried', async () => {
    const token = await strangerOn(road);
    const before = await ask(token, 'user1');
    road.defender.faults.next({}, { kind: 'tooManyRequests', retryAfter: 20 });
    const { data, errors } = await ask(token, 'user1', 'user3');
    expect(data._entities[0]).toEqual(before.data._entities[0]);
    expect(errors).toMatchObject([{ path: ['_entities', 1, 'machines'] }]);
    expect(road.defender.ledger.total).toBe(2);
  });
});
