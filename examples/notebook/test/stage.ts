import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { startEmulator, type Emulator } from '../../../emulator/emulator.ts';
import { environmentBeside } from '../../../emulator/environmentBeside.ts';
import { loadConfig } from '../../../src/config.ts';
import { startServer } from '../../../src/server.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { FastClock } from './fastClock.ts';
import { startRecorder, type Recorder } from './recorder.ts';

/** The day after the emulated estate was last seen, in the morning. */
const BEGIN = Date.UTC(2026, 10, 2, 8);

/** What a client needs: the service before an emulated Defender with its real limits, and a clock that they share. */
export interface Stage {
  readonly clock: FastClock;
  readonly defender: Emulator;
  readonly recorder: Recorder;
  /** What a client's environment says: where the service is, where the clock can be asked, and a token. */
  env(token?: { readonly expiresInSeconds: number }): Promise<Readonly<Record<string, string>>>;
  /** Asks for some users as somebody who looks at a page, all of them at once. */
  browse(caller: string, users: readonly string[]): Promise<void>;
  /** How many of them were answered, each time. */
  readonly browsed: readonly number[];
  /** Whole minutes that have passed. */
  minutes(): number;
  close(): Promise<void>;
}

export interface StageOptions {
  /** Comes before each request for devices, counted from 1. */
  readonly before?: (round: number) => Promise<void>;
}

/** Whose token the clients have: one who may see the whole tenant. */
export const CALLER = 'carol';
const EIGHT_HOURS = 28_800;

export async function setStage({ before }: StageOptions = {}): Promise<Stage> {
  const clock = new FastClock(BEGIN);
  const defender = await startEmulator({ now: clock.now });
  const config = loadConfig(environmentBeside(defender.url));
  const service = await startServer(config, clock, createLog('error'));
  const recorder = await startRecorder({
    target: service.url,
    now: clock.now,
    ...(before && { before }),
  });
  const time = await startTime(clock, () => defender.issuer.defenderToken(CALLER));
  const browsed: number[] = [];
  return {
    clock,
    defender,
    recorder,
    env: async ({ expiresInSeconds } = { expiresInSeconds: EIGHT_HOURS }) => ({
      MACHINES: recorder.url,
      TOKEN: await defender.issuer.defenderToken(CALLER, { expiresInSeconds }),
      FAST_CLOCK: time.url,
    }),
    async browse(caller, users) {
      const token = await defender.issuer.defenderToken(caller, { expiresInSeconds: EIGHT_HOURS });
      const query = `query ($userNames: [String!]!) { machinesByUser(userNames: $userNames) { machineCount } }`;
      const response = await fetch(service.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables: { userNames: users } }),
      });
      const { errors = [] } = (await response.json()) as { errors?: readonly unknown[] };
      browsed.push(users.length - errors.length);
    },
    browsed,
    minutes: () => Math.floor((clock.now() - BEGIN) / 60_000),
    async close() {
      await recorder.close();
      await time.close();
      await service.close();
      await defender.close();
      clock.stop();
    },
  };
}

/** The clock, and new tokens, for clients in other processes. */
async function startTime(
  clock: FastClock,
  newToken: () => Promise<string>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const actions: Readonly<Record<string, (body: { seconds?: number }) => Promise<object>>> = {
    '/now': async () => ({ seconds: clock.now() / 1_000 }),
    '/sleep': async ({ seconds = 0 }) => {
      await clock.sleep(seconds * 1_000);
      return {};
    },
    '/token': async () => ({ token: await newToken() }),
  };
  const server = createServer((request, response) => {
    void json(request)
      .then((body) => actions[request.url ?? '']?.(body as { seconds?: number }))
      .then((answer) => response.end(JSON.stringify(answer)));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
