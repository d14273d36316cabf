import { RateWindows } from '../../emulator/windows.ts';
import type { Spent } from '../../src/defender/budget.ts';
import type { SimulatedClock } from '../../test/defender/budget/simulatedClock.ts';
import { LIMITS, type Replica } from './replica.ts';

const BUDGET = 'contoso';

interface Told {
  readonly replica: Replica;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Its outages then. */
  readonly outages: number;
  readonly isDegraded: boolean;
}

/** Plays Defender to the soak: counts what arrives, refuses what is too much, and fails at random. */
export class Defender {
  /** When calls arrived that it answered, other than with 401. */
  readonly arrivals: number[] = [];
  readonly seen = {
    calls: 0,
    overrun: 0,
    tooEarly: 0,
    unaware: 0,
    busy: 0,
    unauthenticated: 0,
    failed: 0,
  };
  readonly #clock: SimulatedClock;
  readonly #random: () => number;
  readonly #windows: RateWindows;
  /** The pauses that 429s have told replicas of. */
  #told: Told[] = [];

  constructor(clock: SimulatedClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
    this.#windows = new RateWindows({ perMinute: LIMITS.minute, perHour: LIMITS.hour }, clock.now);
  }

  /** One call over a network that takes up to half a second each way, and now and then far longer. */
  async call(isInvented: boolean, spent: Spent, replica: Replica): Promise<void> {
    this.seen.calls += 1;
    this.#told = this.#told.filter(({ until }) => this.#clock.now() < until);
    if (this.#told.some((told) => couldKnow(replica, told))) this.seen.tooEarly += 1;
    else if (this.#told.length > 0) this.seen.unaware += 1;
    await this.#clock.sleep(this.#random() * 500);
    const refusal = this.#windows.admit(BUDGET);
    if (refusal) {
      if (!refusal.tooEarly) this.seen.overrun += 1;
      await this.#refuse(refusal.retryAfterSeconds, refusal.message, spent, replica);
      return;
    }
    if (isInvented) {
      this.#windows.giveBack(BUDGET);
      this.seen.unauthenticated += 1;
      await this.#clock.sleep(this.#random() * 100);
      spent.refund();
      return;
    }
    this.arrivals.push(this.#clock.now());
    if (this.#random() < 0.002) {
      this.seen.busy += 1;
      const seconds = 1 + Math.floor(this.#random() * 10);
      this.#windows.block(BUDGET, this.#clock.now() + seconds * 1_000, 'too much CPU');
      await this.#refuse(seconds, 'too much CPU', spent, replica);
      return;
    }
    await this.#clock.sleep(this.#random() < 0.01 ? 9_000 : this.#random() * 500);
    spent.answered();
    if (this.#random() < 0.02) {
      this.seen.failed += 1;
      throw new Error('503');
    }
  }

  async #refuse(seconds: number, message: string, spent: Spent, replica: Replica): Promise<void> {
    const until = this.#clock.now() + seconds * 1_000;
    await this.#clock.sleep(this.#random() * 100);
    const [outages, isDegraded] = [replica.outages(), replica.isDegraded()];
    this.#told.push({ replica, until, outages, isDegraded });
    const left = Math.max(0, until - this.#clock.now());
    spent.refused(Math.ceil(left / 1_000) * 1_000, message);
  }
}

/** A replica knows what it was told itself, and through Redis what others were, while both have it in reach. */
function couldKnow(replica: Replica, told: Told): boolean {
  if (replica === told.replica) return true;
  const isPassedOn = !told.isDegraded && told.outages === told.replica.outages();
  return isPassedOn && !replica.isDegraded();
}
