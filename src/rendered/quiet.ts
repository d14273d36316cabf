import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds: most calls to Defender take longer. */
const WAIT = 15;

/**
 * Waits until an answer is out, and the calls of what its client asks next are under way. Who asks for one list after
 * another would else wait for what is to be remembered of each, a tenth of the time that a list takes which nobody has
 * asked for before. Who asks for the same list sooner is answered by the ordinary road.
 */
export async function quiet(): Promise<void> {
  await sleep(WAIT, undefined, { ref: false });
}
