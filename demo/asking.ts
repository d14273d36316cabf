import type { Stage } from './stage.ts';

/** Thirty users for each of three callers stay below Defender's 100 calls a minute. */
const USERS = 30;

export const QUERY = `{
  users(first: ${USERS}) {
    id
    displayName
    machines(orderBy: { field: RISK_SCORE, direction: DESC }) { id computerDnsName riskScore rbacGroupName }
    machineCount
    machinesFreshness { source asOf }
  }
}`;

/** The fields of User in QUERY that a resolver without a loader and a cache would each make a REST call for. */
const FIELDS_THAT_COST = 3;
const TIMES = 2;

export interface Asked {
  readonly caller: string;
  readonly groups: readonly string[];
  readonly devices: number;
  /** REST calls, for each time the query was asked. */
  readonly calls: readonly number[];
  readonly naiveCalls: number;
  /** What was not as it must be; empty where all was right. */
  readonly wrongs: readonly string[];
}

interface Answer {
  readonly data?: { readonly users: readonly AnsweredUser[] };
  readonly errors?: readonly { readonly message: string }[];
}

interface AnsweredUser {
  readonly id: string;
  readonly machines:
    readonly { readonly id: string; readonly rbacGroupName: string | null }[] | null;
}

/** Asks the supergraph twice as one caller, and holds the answers against what Defender shows to that caller. */
export async function askAs(stage: Stage, caller: string, token: string): Promise<Asked> {
  const calls: number[] = [];
  const wrongs: string[] = [];
  let users: readonly AnsweredUser[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const before = stage.defender.ledger.total;
    const { data, errors = [] } = await ask(stage.addresses.gateway, token);
    calls.push(stage.defender.ledger.total - before);
    wrongs.push(...errors.map(({ message }) => message));
    users = data?.users ?? [];
    wrongs.push(
      ...users.filter((user) => !isTrue(stage, caller, user)).map(({ id }) => `${id} is wrong`),
    );
  }
  if (users.length !== USERS) wrongs.push(`${users.length} users in place of ${USERS}`);
  if (calls[0] !== USERS) wrongs.push(`${calls[0]} calls for ${USERS} users`);
  if (calls[1] !== 0) wrongs.push(`${calls[1]} calls for users that were cached`);

  const machines = users.flatMap((user) => user.machines ?? []);
  const groups = new Set(machines.map(({ rbacGroupName }) => rbacGroupName ?? 'no group'));
  return {
    caller,
    groups: [...groups].toSorted(),
    devices: new Set(machines.map(({ id }) => id)).size,
    calls,
    naiveCalls: USERS * FIELDS_THAT_COST * TIMES,
    wrongs,
  };
}

async function ask(url: string, token: string): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: QUERY }),
  });
  return (await response.json()) as Answer;
}

function isTrue({ defender }: Stage, caller: string, { id, machines }: AnsweredUser): boolean {
  const seen = (machines ?? []).map((machine) => machine.id).toSorted();
  const visible = (defender.visibleTo(caller, id) ?? []).map((machine) => machine.id).toSorted();
  return seen.join() === visible.join();
}
