import { expect } from '@jest/globals';
import fc from 'fast-check';
import { visibleAmong, type Caller } from '../emulator/callers.ts';
import type { Fault } from '../emulator/faults.ts';
import type { Road } from './road.ts';

const CALLERS = 3;
const USERS = ['user1', 'user3', 'user4', 'user5', 'svc-backup'];

type Groups = Caller['groups'];

/** What can happen between callers, Defender and time. */
export type Step =
  | { readonly do: 'ask'; readonly token: number; readonly users: readonly string[] }
  | { readonly do: 'ask together'; readonly tokens: readonly number[]; readonly regroup: Groups }
  | { readonly do: 'ask with a forged token'; readonly token: number; readonly as: number }
  | { readonly do: 'outlive'; readonly token: number; readonly early: number }
  | { readonly do: 'regroup'; readonly caller: number; readonly groups: Groups }
  | { readonly do: 'take or give View Data'; readonly caller: number; readonly viewData: boolean }
  | {
      readonly do: 'renew';
      readonly caller: number;
      readonly seconds: number;
      readonly scopes: readonly string[];
    }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'break'; readonly user: string; readonly fault: Fault };

const groups = fc.oneof(
  fc.constant<Groups>('all'),
  fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { maxLength: 5 }),
);
const caller = fc.nat(CALLERS - 1);
const token = fc.nat(7);
const user = fc.constantFrom(...USERS);
const scopes = fc.constantFrom(['access_as_user'], ['access_as_user', 'Reports.Read']);
const fault = fc.constantFrom<Fault>(
  { kind: 'status', status: 500, body: '' },
  { kind: 'status', status: 403, body: '' },
  { kind: 'status', status: 401, body: '' },
  { kind: 'reset' },
  { kind: 'truncated' },
  { kind: 'paged', pageSize: 2 },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask'),
      token,
      users: fc.uniqueArray(user, { minLength: 1 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ask together'),
      tokens: fc.array(token, { minLength: 2, maxLength: 4 }),
      regroup: groups,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('ask with a forged token'), token, as: caller }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('outlive'),
      token,
      early: fc.constantFrom(0, 1, 299_999),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('regroup'), caller, groups }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('take or give View Data'),
      caller,
      viewData: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('renew'),
      caller,
      seconds: fc.integer({ min: 30, max: 900 }),
      scopes,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait'), seconds: fc.integer({ min: 1, max: 400 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('break'), user, fault }) },
) as fc.Arbitrary<Step>;

export const story = fc.array(step, { minLength: 5, maxLength: 25 });

/** A token that a caller holds. */
export interface Held {
  readonly token: string;
  readonly caller: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch: what is asked from then on may not be answered to it. */
  readonly expiresAt: number;
}

const QUERY = `query ($users: [String!]!) {
  machinesByUser(userNames: $users) { userName machines { id } machinesFreshness { asOf source complete } }
}`;

/** How old an answer may be, fresh and stale. */
export interface Life {
  readonly ttlSeconds: number;
  readonly staleSeconds: number;
  /** Whether there are replicas, of which one may ask anew in the very moment in which another is turned away. */
  readonly hasReplicas?: boolean;
}

let stories = 0;

/** How the tokens of a mode are made, and which of them have the same rights: one partition of the cache. */
export interface Tokens {
  issue(callerName: string, seconds: number, scopes: readonly string[]): Promise<string>;
  partition(held: Held): string;
  /** Everything that somebody with `own` could send to pass for the holder of `other`. */
  forgeries(own: Held, other: Held): Promise<readonly string[]>;
  /** Milliseconds for which a token is still good after its `exp`. */
  readonly leeway: number;
}

/**
 * Plays a story, and holds each answer against what Defender would have shown to that very token at the moment that the
 * answer says it was read: not later than the entry's life, and not before a 401 or 403 of the same partition.
 */
export async function play(road: Road, tokens: Tokens, steps: readonly Step[], life: Life) {
  const { defender, clock } = road;
  stories += 1;
  const names = Array.from({ length: CALLERS }, (_, index) => `story${stories}-${index}`);
  const history = new Map<string, { readonly from: number; readonly caller: Caller }[]>();
  const turnedAway = new Map<string, number>();
  const held: Held[] = [];

  const set = (name: string, change: Partial<Caller>) => {
    clock.advance(100);
    const before = history.get(name)?.at(-1)?.caller ?? { name, groups: [1, 2], viewData: true };
    const after = defender.callers.add({ ...before, ...change });
    history.set(name, [...(history.get(name) ?? []), { from: clock.now(), caller: after }]);
    clock.advance(100);
  };
  const renew = async (name: string, seconds: number, granted: readonly string[]) => {
    // Two tokens of one moment would be the same text.
    clock.advance(1_000);
    const expiresAt = (Math.floor(clock.now() / 1_000) + seconds) * 1_000 + tokens.leeway;
    const issued = await tokens.issue(name, seconds, granted);
    held.push({ token: issued, caller: name, scopes: granted, expiresAt });
  };

  const check = async (asker: Held, users: readonly string[]) => {
    // Time can pass while Defender answers, and what it showed to a token is given to it although it has run out since.
    const askedAt = clock.now();
    const { data, errors } = await road.ask({
      query: QUERY,
      variables: { users },
      token: asker.token,
    });
    const partition = tokens.partition(asker);
    const since = turnedAway.get(partition) ?? -Infinity;
    for (const { userName, machines, machinesFreshness } of data.machinesByUser) {
      if (machines === null) continue;
      const asOf = Date.parse(machinesFreshness.asOf);
      expect(askedAt).toBeLessThan(asker.expiresAt);
      const age = machinesFreshness.source === 'STALE' ? life.staleSeconds : life.ttlSeconds;
      expect(asOf).toBeGreaterThan(askedAt - age * 1_000);
      expect(asOf).toBeGreaterThan(life.hasReplicas ? since - 1 : since);
      // What Defender has shown at some moment since: a list in pages can mix two of them.
      const states = (history.get(asker.caller) ?? []).filter(
        (_, index, all) => (all[index + 1]?.from ?? Infinity) > asOf,
      );
      const visible = states.map((state) =>
        idsOf(visibleAmong(state.caller, defender.estate.machinesOf(userName) ?? [])),
      );
      const seen = idsOf(machines);
      const allowed = new Set(visible.flat());
      expect(seen.filter((id) => !allowed.has(id))).toEqual([]);
      if (machinesFreshness.complete && visible.length === 1) expect(seen).toEqual(visible[0]);
    }
    // Defender's own 401 or 403, not the refusal of a token that names nobody for certain.
    const isTurnedAway = errors.some(({ message }) =>
      /^Defender (refused|did not accept) the token/.test(message),
    );
    return { partition, isTurnedAway };
  };
  const settle = (results: readonly { partition: string; isTurnedAway: boolean }[]) => {
    for (const { partition, isTurnedAway } of results)
      if (isTurnedAway) turnedAway.set(partition, clock.now());
    clock.advance(1);
  };

  defender.faults.clear();
  for (const name of names) {
    set(name, {});
    await renew(name, 600, ['access_as_user']);
  }
  const heldAt = (index: number) => held[index % held.length] as Held;
  const nameAt = (index: number) => names[index] as string;

  for (const now of steps) {
    switch (now.do) {
      case 'ask':
        settle([await check(heldAt(now.token), now.users)]);
        break;
      case 'ask together': {
        const askers = now.tokens.map(heldAt);
        const arriving = defender.ledger.total + 1;
        const gate = defender.faults.next({ user: 'user1', times: 'always' }, { kind: 'held' });
        const answers = Promise.all(askers.map((asker) => check(asker, ['user1'])));
        await Promise.race([answers, defender.ledger.arrived(arriving)]);
        const [first] = askers;
        if (first) set(first.caller, { groups: now.regroup });
        gate.remove();
        settle(await answers);
        break;
      }
      case 'ask with a forged token': {
        const own = heldAt(now.token);
        const other = held.find(({ caller: holder }) => holder === nameAt(now.as)) ?? own;
        for (const forged of await tokens.forgeries(own, other)) {
          const { data } = await road.ask({
            query: QUERY,
            variables: { users: USERS },
            token: forged,
          });
          for (const { machines } of data.machinesByUser) expect(machines).toBeNull();
        }
        break;
      }
      case 'outlive': {
        const outlived = heldAt(now.token);
        clock.advance(Math.max(0, outlived.expiresAt - clock.now() - now.early));
        settle([await check(outlived, ['user1'])]);
        clock.advance(Math.max(0, outlived.expiresAt - clock.now()));
        settle([await check(outlived, ['user1'])]);
        break;
      }
      case 'regroup':
        set(nameAt(now.caller), { groups: now.groups });
        break;
      case 'take or give View Data':
        set(nameAt(now.caller), { viewData: now.viewData });
        break;
      case 'renew':
        await renew(nameAt(now.caller), now.seconds, now.scopes);
        break;
      case 'wait':
        clock.advance(now.seconds * 1_000);
        break;
      case 'break':
        defender.faults.next({ user: now.user }, now.fault);
        break;
    }
  }
}

/** The claims of one token under the signature of another. */
export function spliced(own: Held, other: Held): string {
  const [header, , signature] = own.token.split('.');
  const claims = JSON.parse(Buffer.from(other.token.split('.')[1] ?? '', 'base64url').toString());
  const payload = Buffer.from(JSON.stringify({ ...claims, forged: true })).toString('base64url');
  return `${header}.${payload}.${signature}`;
}

function idsOf(machines: readonly { readonly id: string }[]): string[] {
  return machines.map(({ id }) => id).toSorted();
}
