import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../../src/clock.ts';
import { SimulatedClock } from '../../../test/defender/budget/simulatedClock.ts';

/** What passes in each of these pauses, while somebody is at work: forty times as much as really does. */
const WORKING = { milliseconds: 200, realMilliseconds: 5 };
const SECOND = 1_000;

/**
 * Time that passes fast while programs are at work, and at once while they sleep. A machine that is busy or stands still
 * does not run into time limits: no more passes than its event loop gets to.
 */
export class FastClock implements Clock {
  readonly #hands: SimulatedClock;
  #isRunning = true;
  /** Who sleeps: until when, in milliseconds since the epoch. */
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  constructor(now: number) {
    this.#hands = new SimulatedClock(now);
    void this.#run();
  }

  readonly now = (): number => this.#hands.now();

  readonly after = (milliseconds: number, task: () => void): (() => void) =>
    this.#hands.after(milliseconds, task);

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ until: this.now() + milliseconds, wake });
    });
  }

  stop(): void {
    this.#isRunning = false;
  }

  async #run(): Promise<void> {
    while (this.#isRunning) {
      const next = Math.min(...this.#sleepers.map(({ until }) => until));
      if (next === Infinity) await pause(WORKING.realMilliseconds);
      await this.#hands.turn(next === Infinity ? WORKING.milliseconds : this.#step(next));
      const woken = this.#sleepers.filter(({ until }) => until <= this.now());
      this.#sleepers = this.#sleepers.filter(({ until }) => until > this.now());
      for (const { wake } of woken) wake();
    }
  }

  /** In seconds at most, so that each sees what the last one has set off. */
  #step(next: number): number {
    return Math.min(SECOND, Math.max(0, next - this.now()));
  }
}
