import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { environmentBeside } from '../emulator/environmentBeside.ts';
import { onBehalfOfAt } from '../emulator/onBehalfOfSettings.ts';
import { loadConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { createLog } from '../src/telemetry/log.ts';
import { ManualClock } from '../emulator/manualClock.ts';

/** Waits for a server of this process to have kept what it has just answered: see `quiet`. */
export async function untilKept(): Promise<void> {
  await sleep(50);
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // Tests read into answers by path; what is not there fails their expectations.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
  readonly errors: readonly ReplyError[];
}

interface ReplyError {
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly [key: string]: unknown };
}

export interface Road {
  readonly defender: Emulator;
  readonly clock: ManualClock;
  readonly url: string;
  /** Lines that the server has logged. */
  readonly logged: string[];
  /** Asks as a caller of the emulator by name, with a token of one's own, or without one. */
  ask(question: Question): Promise<Reply>;
  /** The server alone, after so many milliseconds of grace. */
  leave(graceMilliseconds: number): Promise<void>;
  close(): Promise<void>;
}

interface Question {
  readonly query: string;
  readonly variables?: object;
  readonly as?: string;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

/**
 * The whole road over HTTP: emulator, server and a client, all on one hand-turned clock. With a road beside it, it is
 * another replica: the same emulator, the same clock.
 */
export async function openRoad(
  env: Readonly<Record<string, string>> = {},
  emulatorOptions: Parameters<typeof startEmulator>[0] = {},
  beside?: Road,
  beforeStart: (defender: Emulator) => void = () => {},
): Promise<Road> {
  const clock = beside?.clock ?? new ManualClock();
  const defender =
    beside?.defender ??
    (await startEmulator({ now: clock.now, limits: 'none', ...emulatorOptions }));
  beforeStart(defender);
  const isOnBehalfOf = env.AUTH_MODE === 'on-behalf-of';
  const config = loadConfig({
    ...environmentBeside(defender.url),
    ...PLENTY,
    ...(isOnBehalfOf && onBehalfOfAt(defender)),
    ...env,
  });
  const logged: string[] = [];
  const log = createLog('debug', { write: (line) => void logged.push(line) });
  const server = await startServer(config, clock, log);
  const tokens = new Map<string, Promise<string>>();
  let gone: Promise<void> | undefined;
  const issue = (name: string, options: { expiresInSeconds: number }) =>
    isOnBehalfOf
      ? defender.issuer.userToken(name, options)
      : defender.issuer.defenderToken(name, options);

  return {
    defender,
    clock,
    url: server.url,
    logged,
    async ask({ query, variables, as, token, signal }) {
      const bearer = token ?? (as === undefined ? undefined : await tokenOf(as));
      const response = await fetch(server.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
          ...(env.ROUTER_SECRET !== undefined && { 'x-router-secret': env.ROUTER_SECRET }),
        },
        body: JSON.stringify({ query, variables }),
        ...(signal && { signal }),
      });
      const { data, errors = [] } = (await response.json()) as Partial<Reply>;
      return { status: response.status, headers: response.headers, data, errors };
    },
    leave: (graceMilliseconds) => (gone = server.close(graceMilliseconds)),
    async close() {
      await (gone ?? server.close());
      if (!beside) await defender.close();
    },
  };

  // One token a caller, so that a caller stays one partition of the cache.
  function tokenOf(name: string): Promise<string> {
    const token = tokens.get(name) ?? issue(name, { expiresInSeconds: EIGHT_HOURS });
    tokens.set(name, token);
    return token;
  }
}

/** Tests of the budget set limits of their own; the others must not meet any. Nobody turns the clock for who waits. */
const PLENTY = {
  DEFENDER_CALLS_PER_MINUTE: '1000000',
  DEFENDER_CALLS_PER_HOUR: '1000000',
  DEFENDER_MAX_WAIT_SECONDS: '0',
};

/** Longer than any test turns the clock. */
const EIGHT_HOURS = 28_800;

export const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on User { id machines { id rbacGroupName } }
  }
}`;

export function users(...ids: readonly unknown[]): { representations: object[] } {
  return { representations: ids.map((id) => ({ __typename: 'User', id })) };
}
