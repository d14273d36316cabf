import { startEmulator } from '../emulator/emulator.ts';
import { environmentBeside } from '../emulator/environmentBeside.ts';
import { loadConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';
import { createLog } from '../src/telemetry/log.ts';
import { PatientClient, type Round } from './patientClient.ts';
import { TurnedClock } from './turnedClock.ts';

const CALLER = 'alice';
export const BURST = 300;
/** Every fifth of the users was looked at before. */
const EVERY = 5;
/** Milliseconds: longer than an answer is fresh, shorter than it may stand in. */
const AGEING = 600_000;
/** Milliseconds after which the client looks whose time has come. */
const PAUSE = 30_000;
const MOST_ROUNDS = 30;
const MINUTE = 60_000;
const MOST_CALLS_A_MINUTE = 100;

export interface Burst {
  /** As the emulator counted. */
  readonly mostCallsInAnyMinute: number;
  /** Calls that came before a Retry-After had passed. */
  readonly tooEarly: number;
  readonly wrongs: readonly string[];
}

/** One caller asks for more users than a minute has calls, with an emulator, a server and a clock of its own. */
export async function playBurst(onRound: (round: Round) => void): Promise<Burst> {
  const clock = new TurnedClock();
  const defender = await startEmulator({ now: clock.now });
  const config = loadConfig(environmentBeside(defender.url));
  const server = await startServer(config, clock, createLog('error'));
  const token = await defender.issuer.defenderToken(CALLER, { expiresInSeconds: 28_800 });
  const client = new PatientClient({
    url: server.url,
    token,
    caller: CALLER,
    clock,
    defender,
    onRound,
  });
  const users = Array.from({ length: BURST }, (_, index) => `user${index + 1}`);

  await client.ask(users.filter((_, index) => index % EVERY === EVERY - 1));
  await clock.pass(AGEING);
  client.want(users);
  await client.ask(users);
  await clock.pass(PAUSE);
  await client.ask(users);
  while (client.wanted > 0 && client.rounds.length < MOST_ROUNDS) {
    await clock.pass(PAUSE);
    await client.ask(client.due());
  }
  await server.close();
  await defender.close();

  const { rounds, wanted } = client;
  const { calls, tooEarly } = defender.ledger;
  const mostCallsInAnyMinute = Math.max(
    ...calls.map((last) => calls.filter(({ at }) => at > last.at - MINUTE && at <= last.at).length),
  );
  const wrongs = [
    ...client.wrongs,
    ...(mostCallsInAnyMinute > MOST_CALLS_A_MINUTE
      ? [`${mostCallsInAnyMinute} calls in one minute`]
      : []),
    ...(tooEarly > 0 ? [`${tooEarly} calls too early`] : []),
    ...(wanted > 0 ? [`${wanted} users never complete`] : []),
    ...(isMixed(rounds[1]) ? [] : ['not live, stale and waiting at once']),
  ];
  return { mostCallsInAnyMinute, tooEarly, wrongs };
}

function isMixed(round: Round | undefined): boolean {
  return round !== undefined && Math.min(round.live, round.stale, round.waiting.length) > 0;
}
