import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type FailureCode } from '../../src/errors.ts';
import { MachineCache } from '../../src/machines/cache.ts';
import { shared } from '../../src/machines/flight.ts';
import { recalled } from '../../src/machines/ladder.ts';
import { remembered } from '../../src/machines/remembered.ts';
import type { Sighting } from '../../src/machines/sighting.ts';
import { createSharing } from '../../src/server/sharing.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { ManualClock } from '../../emulator/manualClock.ts';
import { callerWith, neverRenewed, sightingAt, USER_1 } from './sightings.ts';

export const TTL = 300_000;
export const STALE = 3_600_000;
export const SECRET = 'a secret of thirty-two characters or more';

/** The machines' room of one process, over a Defender that says what the test sets. */
export async function openReplica(url: string, secrets: readonly [string, ...string[]] = [SECRET]) {
  const clock = new ManualClock();
  const logged: string[] = [];
  const log = createLog('info', { write: (line) => void logged.push(JSON.parse(line).msg) });
  const lives = {
    ttlMilliseconds: TTL,
    negativeTtlMilliseconds: 60_000,
    staleMilliseconds: STALE,
    maxBytes: 100_000_000,
  };
  const sharing = createSharing({ url, secrets, replicas: 1 }, lives, clock, log);
  const cache = new MachineCache({ clock, ...lives, tagOf: sharing.tagOf });
  const replica = {
    clock,
    cache,
    sharing,
    logged,
    calls: 0,
    /** The device that Defender shows, or the code that it fails with. */
    says: 'device',
    /** What Defender waits for before it answers. */
    until: async (): Promise<unknown> => undefined,
    async ask(
      userName = USER_1,
      caller = callerWith('alice'),
      signal = new AbortController().signal,
    ): Promise<Sighting> {
      return machinesOf(caller, userName, signal);
    },
    /** Asks behind the back of the process's own cache, as a renewal does. */
    renew: (): Promise<Sighting> => live(callerWith('alice'), USER_1, new AbortController().signal),
    /** What another process would find in Redis once it is written. */
    written: () => sleep(30),
    isReady: () => until(sharing.isReady),
  };
  const read = remembered(cache, async () => {
    replica.calls += 1;
    const readAt = clock.now();
    const { says } = replica;
    await replica.until();
    if (/^[A-Z_]+$/.test(says)) throw new Failure(says as FailureCode, 'No.');
    return sightingAt(readAt, [says]);
  });
  const live = shared(sharing.pooled(cache, read));
  const machinesOf = recalled(cache, clock, neverRenewed, live);
  await sharing.settled();
  return replica;
}

export type Replica = Awaited<ReturnType<typeof openReplica>>;

export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 1_000) throw new Error('it never came to be so');
    await sleep(5);
  }
}
