import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ENTITIES, openRoad, users, type Road } from './road.ts';

describe('on behalf of, over the whole road', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad({ AUTH_MODE: 'on-behalf-of', CACHE_STALE_SECONDS: '0' });
  });
  afterAll(() => road.close());
  beforeEach(() => {
    road.clock.advance(301_000);
    road.defender.tokenFaults.clear();
    road.defender.faults.clear();
    road.defender.ledger.reset();
  });

  const ask = (token: string, ...names: string[]) =>
    road.ask({ query: ENTITIES, variables: users(...names), token });
  const tokenOf = async (name: string) => {
    // Two tokens of one second would be the same text.
    road.clock.advance(1_000);
    return road.defender.issuer.userToken(name);
  };
  const refuse = () =>
    road.defender.tokenFaults.next(
      {},
      {
        kind: 'claimsChallenge',
        claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}',
      },
    );

  test('a person sees what Defender shows to them, for one exchange and one call a user', async () => {
    const token = await tokenOf('alice');
    const { data, errors } = await ask(token, 'user1', 'user3', 'user1');
    expect(errors).toEqual([]);
    const seen = data._entities[0].machines.map(({ id }: { id: string }) => id);
    expect(seen).toEqual(road.defender.visibleTo('alice', 'user1')?.map(({ id }) => id));
    expect(road.defender.ledger.exchanges.total).toBe(1);
    expect(road.defender.ledger.total).toBe(2);
  });

  test('a renewed token finds what the person has seen, for an exchange and without a call', async () => {
    const first = await ask(await tokenOf('alice'), 'user1');
    const second = await ask(await tokenOf('alice'), 'user1');
    expect(second.data).toEqual(first.data);
    expect(road.defender.ledger.exchanges.total).toBe(2);
    expect(road.defender.ledger.total).toBe(1);
  });

  test('a token that is not let through to Defender sees nothing that another of the same person has cached, and costs it nothing', async () => {
    const good = await tokenOf('alice');
    await ask(good, 'user1');
    const bad = await tokenOf('alice');
    refuse();
    const refused = await ask(bad, 'user1');
    expect(refused.data._entities[0].machines).toBeNull();
    expect(refused.errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED', claims: expect.any(String) } },
    ]);
    expect((await ask(good, 'user1')).errors).toEqual([]);
    expect(road.defender.ledger.total).toBe(1);
  });

  test('nor does it get what another is just reading', async () => {
    const good = await tokenOf('alice');
    await ask(good, 'user3');
    const held = road.defender.faults.next({ user: 'user1' }, { kind: 'held' });
    const reading = ask(good, 'user1');
    await road.defender.ledger.arrived(2);
    const bad = await tokenOf('alice');
    refuse();
    expect((await ask(bad, 'user1')).data._entities[0].machines).toBeNull();
    held.release();
    expect((await reading).data._entities[0].machines).not.toBeNull();
  });

  test('where the login authority is down, what a verified person has seen is still served', async () => {
    const first = await ask(await tokenOf('alice'), 'user1');
    road.defender.tokenFaults.always({}, { kind: 'status', status: 503 });
    const token = await tokenOf('alice');
    expect((await ask(token, 'user1')).data).toEqual(first.data);
    expect((await ask(token, 'user4')).errors).toMatchObject([
      { extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
  });

  test('but not to a token that it has refused before', async () => {
    await ask(await tokenOf('alice'), 'user1');
    const bad = await tokenOf('alice');
    refuse();
    await ask(bad, 'user1');
    road.clock.advance(31_000);
    road.defender.tokenFaults.always({}, { kind: 'status', status: 503 });
    const refused = await ask(bad, 'user1');
    expect(refused.data._entities[0].machines).toBeNull();
    expect(refused.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  test("a challenge of Defender's that can't be met reaches the client, once, and forgets what was seen", async () => {
    const token = await tokenOf('alice');
    await ask(token, 'user1');
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1702682181"}}}';
    road.defender.faults.next({ user: 'user3' }, { kind: 'claimsChallenge', claims });
    refuse();
    const challenged = await ask(token, 'user3');
    expect(challenged.errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED', claims: expect.any(String) } },
    ]);
    const before = road.defender.ledger.total;
    await ask(token, 'user1');
    expect(road.defender.ledger.total).toBe(before + 1);
  });

  test('a challenge that the exchange meets is answered without the client', async () => {
    const token = await tokenOf('alice');
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1702682181"}}}';
    road.defender.faults.next({ user: 'user3' }, { kind: 'claimsChallenge', claims });
    const { errors } = await ask(token, 'user3');
    expect(errors).toEqual([]);
    expect(road.defender.ledger.exchanges.total).toBe(2);
  });
});
