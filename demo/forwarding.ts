import { ask, unlike, USERS, wrongsIn, type Asked } from './asking.ts';
import type { Road } from './stage.ts';

/** The fields of User in the query that a resolver without a loader and a cache would each make a REST call for. */
const FIELDS_THAT_COST = 3;
export const NAIVE_CALLS = USERS * FIELDS_THAT_COST * 2;

export interface Forwarded {
  readonly caller: string;
  readonly first: Asked;
  readonly then: Asked;
  /** What was not as it must be; empty where all was right. */
  readonly wrongs: readonly string[];
}

/** Asks the supergraph twice as one caller, whose own token goes on to Defender. */
export async function askForwarding(road: Road, caller: string, token: string): Promise<Forwarded> {
  const first = await ask(road, token);
  const then = await ask(road, token);
  const wrongs = [
    ...[first, then].flatMap((asked) => wrongsIn(asked, road, caller)),
    ...unlike('calls at first', first.calls, USERS),
    ...unlike('calls for what was cached', then.calls, 0),
  ];
  return { caller, first, then, wrongs };
}
