import { setImmediate as settled } from 'node:timers/promises';
import { ManualClock } from '../emulator/manualClock.ts';

/** While an answer is on its way, this much time passes in each real one: waits are short, yet time limits hold. */
const SPEED = { milliseconds: 50, realMilliseconds: 5 };
const SECOND = 1_000;

/** A clock that is turned fast, so that minutes of Defender's time windows pass in a moment. */
export class TurnedClock extends ManualClock {
  /** Lets time pass until `answer` is there. */
  async during<T>(answer: Promise<T>): Promise<T> {
    const turning = setInterval(() => this.advance(SPEED.milliseconds), SPEED.realMilliseconds);
    try {
      return await answer;
    } finally {
      clearInterval(turning);
    }
  }

  /** Lets time pass, in seconds that each see what the last one has set off. */
  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= SECOND) {
      this.advance(Math.min(left, SECOND));
      await settled();
    }
  }
}
