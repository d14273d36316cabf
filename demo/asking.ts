import { post } from './post.ts';
import type { Road } from './stage.ts';

/** Thirty users for each of three callers stay below Defender's 100 calls a minute. */
export const USERS = 30;

export const QUERY = `{
  users(first: ${USERS}) {
    id displayName machineCount
    machines(orderBy: { field: RISK_SCORE, direction: DESC }) {
      id computerDnsName riskScore rbacGroupName
    }
    machinesFreshness { source asOf }
  }
}`;

/** One answer to QUERY, and what it cost. */
export interface Asked {
  /** The ids of each user's devices; null where there was an error in their place. */
  readonly seen: ReadonlyMap<string, string | null>;
  readonly devices: number;
  readonly groups: ReadonlySet<string | null>;
  readonly codes: ReadonlySet<string>;
  /** REST calls of Defender. */
  readonly calls: number;
  /** Tokens that were exchanged. */
  readonly exchanges: number;
}

interface Answer {
  readonly users: readonly {
    readonly id: string;
    readonly machines:
      readonly { readonly id: string; readonly rbacGroupName: string | null }[] | null;
  }[];
}

export async function ask({ defender, gateway }: Road, token: string): Promise<Asked> {
  const { ledger } = defender;
  const before = { calls: ledger.total, exchanges: ledger.exchanges.total };
  const { data, errors = [] } = await post<Answer>(gateway, token, { query: QUERY });
  const users = data?.users ?? [];
  const machines = users.flatMap((user) => user.machines ?? []);
  return {
    seen: new Map(users.map((user) => [user.id, user.machines && idsOf(user.machines)])),
    devices: new Set(machines.map(({ id }) => id)).size,
    groups: new Set(machines.map(({ rbacGroupName }) => rbacGroupName)),
    codes: new Set(errors.map(({ extensions }) => extensions?.code ?? 'no code')),
    calls: ledger.total - before.calls,
    exchanges: ledger.exchanges.total - before.exchanges,
  };
}

/** Holds an answer against what Defender itself shows to that caller; empty where it is right. */
export function wrongsIn({ seen, codes }: Asked, { defender }: Road, caller: string): string[] {
  return [
    ...[...codes].map((code) => `an error ${code}`),
    ...unlike('users', seen.size, USERS),
    ...[...seen].flatMap(([user, ids]) =>
      ids === idsOf(defender.visibleTo(caller, user) ?? []) ? [] : [`the devices of ${user}`],
    ),
  ];
}

export function unlike(what: string, is: number, mustBe: number): string[] {
  return is === mustBe ? [] : [`${is} ${what} in place of ${mustBe}`];
}

export function idsOf(machines: readonly { readonly id: string }[]): string {
  return machines
    .map(({ id }) => id)
    .toSorted()
    .join();
}
