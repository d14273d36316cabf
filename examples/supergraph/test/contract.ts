import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Reply } from '../../../test/road.ts';
import type { DirectoryKey } from '../directory.ts';
import type { Router } from './routers.ts';
import {
  FEW,
  FEW_ACCOUNTS,
  ODD_NAMES,
  openSupergraph,
  POOR,
  type Supergraph,
} from './supergraph.ts';
import { Tally } from './tally.ts';

const USER_KEYS: readonly DirectoryKey[] = ['id', 'userPrincipalName', 'id-requires-upn'];
const EIGHT_HOURS = { expiresInSeconds: 28_800 };

const FIELDS = 'userPrincipalName displayName machines { id rbacGroupName }';
const usersQuery = (first: number) => `{ users(first: ${first}) { ${FIELDS} } }`;

interface Row {
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly machines: readonly { readonly id: string }[] | null;
}

/** What a supergraph team and its clients can rely on, behind whichever router. */
export function describeRouter(router: Router): void {
  describe(`behind ${router.name}`, () => {
    const tally = new Tally(router.name);
    afterAll(() => tally.print());
    describe.each(USER_KEYS)('with a User keyed by %s', (userKey) => {
      describeSupergraph(router, userKey, tally);
    });
  });
}

function describeSupergraph(router: Router, userKey: DirectoryKey, tally: Tally): void {
  let graph: Supergraph;
  let tokens: Readonly<Record<'alice' | 'bob', string>>;
  beforeAll(async () => {
    graph = await openSupergraph(router, userKey);
    const { issuer } = graph.forward.defender;
    tokens = {
      alice: await issuer.defenderToken('alice', EIGHT_HOURS),
      bob: await issuer.defenderToken('bob', EIGHT_HOURS),
    };
  });
  afterAll(() => graph.close());
  beforeEach(() => {
    const { clock, defender } = graph.forward;
    // What was remembered and what was paused is over.
    clock.advance(301_000);
    defender.faults.clear();
    defender.tokenFaults.clear();
    defender.ledger.reset();
    graph.machines.turnTo(graph.forward.url);
    graph.machines.seen.length = graph.directory.seen.length = 0;
  });

  const ledger = () => graph.forward.defender.ledger;
  const rowsOf = ({ data }: Reply): Row[] => data.users;
  const pathTo = (row: number, field = 'machines') =>
    router.namesTheRow ? ['users', row, field] : ['users', field];
  const whatDefenderShows = (caller: string, { userPrincipalName }: Row) =>
    graph.forward.defender
      .visibleTo(caller, userPrincipalName.split('@')[0] ?? '')
      ?.map(({ id }) => id);
  const expectAllOf = (caller: string, rows: readonly Row[]) => {
    for (const row of rows) {
      expect(row.machines?.map(({ id }) => id)).toEqual(whatDefenderShows(caller, row));
    }
  };

  test('the machines of many users are one _entities request, and one REST call for each distinct user', async () => {
    const reply = await graph.ask({ query: usersQuery(FEW), token: tokens.alice });
    expect(reply.errors).toEqual([]);
    expect(rowsOf(reply)).toHaveLength(FEW);
    expectAllOf('alice', rowsOf(reply));
    expect(graph.machines.seen.map(({ representations }) => representations)).toEqual([FEW]);
    expect(Object.values(ledger().byUser)).toEqual(Array(FEW_ACCOUNTS).fill(1));
    tally.add({
      users: FEW,
      accounts: FEW_ACCOUNTS,
      entities: graph.machines.seen,
      ledger: ledger(),
    });
  });

  test('so they are where a user is asked for in several ways', async () => {
    const query = `{ users(first: ${FEW}) {
      userPrincipalName displayName machines { id }
      few: machines(first: 1) { id }
      high: machines(filter: { riskScore: [HIGH] }) { id }
      machineCount
      machinesFreshness { source }
    } }`;
    const reply = await graph.ask({ query, token: tokens.alice });
    expect(reply.errors).toEqual([]);
    expectAllOf('alice', rowsOf(reply));
    expect(ledger().total).toBe(FEW_ACCOUNTS);
    // Some routers ask once for each alias: the machines answer all from one read.
    expect(graph.machines.seen.length).toBeLessThanOrEqual(3);
  });

  test('every user of a directory of 2,000 is in one request', async () => {
    const reply = await graph.ask({ query: '{ users { machineCount } }', token: tokens.alice });
    expect(reply.data.users.length).toBeGreaterThan(2_000);
    expect(graph.machines.seen.map(({ representations }) => representations)).toEqual([
      reply.data.users.length,
    ]);
    expect(ledger().total).toBe(2_000);
    expect(reply.errors).toHaveLength(ODD_NAMES.length);
  });

  test("each caller's Authorization and priority arrive, and each sees what Defender shows to them", async () => {
    const ask = (token: string) => graph.ask({ query: usersQuery(FEW), token, priority: 'bulk' });
    const [alice, bob, again] = await Promise.all([
      ask(tokens.alice),
      ask(tokens.bob),
      ask(tokens.alice),
    ]);
    expectAllOf('alice', rowsOf(alice));
    expectAllOf('bob', rowsOf(bob));
    expect(again.data).toEqual(alice.data);
    expect(bob.data).not.toEqual(alice.data);
    // Some routers send a request once that the same caller makes twice at a time; none may do so for two callers.
    const callers = new Map([
      [`Bearer ${tokens.alice}`, 'alice'],
      [`Bearer ${tokens.bob}`, 'bob'],
    ]);
    const heard = graph.machines.seen.map(({ authorization = '' }) => callers.get(authorization));
    expect(new Set(heard)).toEqual(new Set(['alice', 'bob']));
    expect(new Set(graph.machines.seen.map(({ priority }) => priority))).toEqual(new Set(['bulk']));
    expect(graph.directory.seen.some(({ authorization }) => authorization)).toBe(router.tellsAll);
  });

  test('without a token the rest of each user is there, and the error says what is missing', async () => {
    const reply = await graph.ask({ query: usersQuery(2) });
    expect(rowsOf(reply)).toMatchObject([
      { displayName: 'User 1', machines: null },
      { displayName: 'User 2', machines: null },
    ]);
    expect(reply.errors).toMatchObject([
      { path: pathTo(0), extensions: { code: 'UNAUTHENTICATED' } },
      { path: pathTo(1), extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect(reply.errors[0]?.message).toContain('Authorization');
    expect(ledger().total).toBe(0);
  });

  test('a user for whom Defender fails has an error of their own, and all others are whole', async () => {
    graph.forward.defender.faults.always({ user: 'user4' }, { kind: 'status', status: 503 });
    const reply = await graph.ask({ query: usersQuery(FEW), token: tokens.alice });
    const rows = rowsOf(reply);
    const failed = rows.findIndex(({ displayName }) => displayName === 'User 4');
    expect(rows[failed]?.machines).toBeNull();
    expectAllOf('alice', rows.toSpliced(failed, 1));
    expect(reply.errors).toMatchObject([
      { path: pathTo(failed), extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
  });

  test("a 429 of Defender's keeps its code and its seconds", async () => {
    graph.forward.defender.faults.next({}, { kind: 'tooManyRequests', retryAfter: 7 });
    const reply = await graph.ask({ query: usersQuery(1), token: tokens.alice });
    expect(rowsOf(reply)).toMatchObject([{ displayName: 'User 1', machines: null }]);
    // The machines wait a second longer than they are told to.
    expect(reply.errors).toMatchObject([
      { path: pathTo(0), extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 8 } },
    ]);
  });

  test('where the budget is used up, whoever is left out is told when to ask again', async () => {
    graph.machines.turnTo(graph.poor.url);
    const reply = await graph.ask({ query: usersQuery(FEW), token: tokens.alice });
    const rows = rowsOf(reply);
    const leftOut = rows.flatMap(({ machines }, row) => (machines === null ? [row] : []));
    expect(ledger().total).toBeLessThanOrEqual(POOR);
    expect(leftOut.length).toBeGreaterThanOrEqual(FEW_ACCOUNTS - POOR);
    expectAllOf(
      'alice',
      rows.filter(({ machines }) => machines !== null),
    );
    expect(reply.errors.map(({ path }) => path)).toEqual(leftOut.map((row) => pathTo(row)));
    for (const { extensions } of reply.errors) {
      expect(extensions).toMatchObject({ code: 'RATE_LIMITED' });
      expect(extensions['retryAfterSeconds']).toBeGreaterThan(50);
    }
  });

  test('on behalf of the caller, each sees what Defender shows to them', async () => {
    graph.machines.turnTo(graph.onBehalfOf.url);
    const { issuer } = graph.onBehalfOf.defender;
    for (const caller of ['alice', 'bob']) {
      const token = await issuer.userToken(caller);
      const reply = await graph.ask({ query: usersQuery(FEW), token });
      expect(reply.errors).toEqual([]);
      expectAllOf(caller, rowsOf(reply));
    }
    expect(ledger().exchanges.total).toBe(2);
    expect(ledger().total).toBe(2 * FEW_ACCOUNTS);
  });

  test('a claims challenge reaches the client, as it came', async () => {
    graph.machines.turnTo(graph.onBehalfOf.url);
    const { issuer, tokenFaults } = graph.onBehalfOf.defender;
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    tokenFaults.next({}, { kind: 'claimsChallenge', claims });
    const reply = await graph.ask({ query: usersQuery(1), token: await issuer.userToken('alice') });
    expect(rowsOf(reply)).toMatchObject([{ displayName: 'User 1', machines: null }]);
    expect(reply.errors).toMatchObject([
      {
        path: pathTo(0),
        extensions: { code: 'UNAUTHENTICATED', claims: Buffer.from(claims).toString('base64') },
      },
    ]);
  });

  test('users whom no account can be named after harm nobody else, and cost no call', async () => {
    const reply = await graph.ask({
      query: usersQuery(FEW + ODD_NAMES.length),
      token: tokens.alice,
    });
    const rows = rowsOf(reply);
    expectAllOf('alice', rows.slice(0, FEW));
    expect(rows.slice(FEW).map(({ machines }) => machines)).toEqual(ODD_NAMES.map(() => null));
    expect(reply.errors).toHaveLength(ODD_NAMES.length);
    for (const [index, error] of reply.errors.entries()) {
      expect(error).toMatchObject({
        path: pathTo(FEW + index),
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
    expect(ledger().total).toBe(FEW_ACCOUNTS);
  });
}
