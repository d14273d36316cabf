import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds: most calls to Defender take longer. */
const WAIT = 15;

/**
 * Waits a little after an answer. What its client asks next mostly comes at once: keeping the answer then would delay the
 * calls of the next one, by a tenth of the time that a list takes which nobody has asked for before. Who asks for the same
 * within that time takes the ordinary road.
 */
export async function quiet(): Promise<void> {
  await sleep(WAIT, undefined, { ref: false });
}
