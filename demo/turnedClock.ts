import { setImmediate as settled } from 'node:timers/promises';
import type { Clock } from '../src/clock.ts';

/** While an answer is on its way, this much time passes in each real one: waits are short, yet time limits hold. */
const SPEED = { milliseconds: 50, realMilliseconds: 5 };
const SECOND = 1_000;

/** A clock that is turned fast, so that minutes of Defender's time windows pass in a moment. */
export class TurnedClock implements Clock {
  #now: number;
  #tasks: { readonly at: number; readonly task: () => void }[] = [];

  /** `now`: milliseconds since the epoch. */
  constructor(now: number) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly after = (milliseconds: number, task: () => void): (() => void) => {
    const entry = { at: this.#now + milliseconds, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  };

  /** Lets time pass until `answer` is there. */
  async during<T>(answer: Promise<T>): Promise<T> {
    const turning = setInterval(() => this.#turn(SPEED.milliseconds), SPEED.realMilliseconds);
    try {
      return await answer;
    } finally {
      clearInterval(turning);
    }
  }

  /** Lets time pass, in seconds that each see what the last one has set off. */
  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= SECOND) {
      this.#turn(Math.min(left, SECOND));
      await settled();
    }
  }

  #turn(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#tasks.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (!next) break;
      this.#tasks = this.#tasks.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
    this.#now = end;
  }
}
