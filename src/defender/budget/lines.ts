import { Line, type LineOptions, type Turn } from './line.ts';
import { rateLimited } from './rateLimited.ts';

export interface LinesOptions extends Omit<
  LineOptions,
  'budget' | 'onServed' | 'onRefused' | 'onEmpty'
> {
  /** Asks that may wait at once, of all callers and budgets. */
  readonly mostWaiting: number;
}

type Waiting = Line['queues'] extends Iterable<infer Q> ? Q : never;

/** Of the places in the queue, what callers whom Defender has never answered may take together. */
const STRANGERS_PART = 1 / 2;

export interface Place {
  readonly budget: string;
  readonly caller: string;
  readonly isBulk: boolean;
}

/** Those who wait, by budget. Budgets take turns at the slots. */
export class Lines {
  readonly #options: LinesOptions;
  /** In the order of turns. */
  readonly #lines = new Map<string, Line>();
  #waiting = 0;
  #strangers = 0;

  constructor(options: LinesOptions) {
    this.#options = options;
  }

  /** How many budgets somebody waits for or has just waited for. */
  get size(): number {
    return this.#lines.size;
  }

  isWaitedFor(budget: string): boolean {
    return [...(this.#lines.get(budget)?.queues ?? [])].some(({ waiting }) => waiting.size > 0);
  }

  /** Resolves when the call is to be made, at once. Rejects with RATE_LIMITED or the signal's reason. */
  async turn(place: Place, signal: AbortSignal, waitMilliseconds: number): Promise<Turn> {
    const { slots, mostWaiting } = this.#options;
    const isStranger = !slots.isProven(place.caller);
    const isFull =
      this.#waiting >= mostWaiting ||
      (isStranger && this.#strangers >= mostWaiting * STRANGERS_PART);
    if (isFull) this.#makeRoom(place, isStranger);
    this.#waiting += 1;
    if (isStranger) this.#strangers += 1;
    try {
      return await this.#lineOf(place.budget).turn(place, signal, waitMilliseconds);
    } finally {
      this.#waiting -= 1;
      if (isStranger) this.#strangers -= 1;
    }
  }

  serve(): void {
    for (const line of [...this.#lines.values()]) line.serve();
  }

  /** Something of this budget has come back sooner than expected, or later. */
  retry(budget: string): void {
    this.#lines.get(budget)?.retry();
  }

  /** One slot has come free: who takes it leaves none to offer to all the others, of whom there may be thousands. */
  #passOn(): void {
    const { slots } = this.#options;
    const { held } = slots;
    for (const line of this.#lines.values()) {
      line.serve();
      if (slots.held > held) return;
    }
  }

  /** The last ask of the longest queue goes, unless that is the newcomer's own. Strangers make room first. */
  #makeRoom({ budget, caller, isBulk }: Place, isStranger: boolean): void {
    const { slots, limits } = this.#options;
    const full = rateLimited('queue', 1_000, limits);
    const own = this.#lines.get(budget)?.waitingOf(caller, isBulk) ?? 0;
    // Without a look at who waits: anybody can ask any number of times.
    if (isStranger && own > 0) throw full;
    let longest: Waiting | undefined;
    let strangest: Waiting | undefined;
    for (const line of this.#lines.values()) {
      for (const queue of line.queues) {
        if (isLonger(queue, longest)) longest = queue;
        if (isLonger(queue, strangest) && !slots.isProven(queue.caller)) strangest = queue;
      }
    }
    const goes = strangest ?? longest;
    const isOwnAlike = (goes?.waiting.size ?? 0) <= own + 1;
    if (!goes || (isOwnAlike && (isStranger || goes !== strangest))) throw full;
    [...goes.waiting].at(-1)?.reject(full);
  }

  #lineOf(budget: string): Line {
    const known = this.#lines.get(budget);
    if (known) return known;
    const line: Line = new Line({
      ...this.#options,
      budget,
      onServed: () => {
        // Alone, it has the next turn in any case, and a map takes its time to take out what it puts in again.
        if (this.#lines.size === 1) return;
        this.#lines.delete(budget);
        this.#lines.set(budget, line);
      },
      onRefused: () => this.#passOn(),
      onEmpty: () => this.#lines.delete(budget),
    });
    this.#lines.set(budget, line);
    return line;
  }
}

function isLonger({ waiting }: Waiting, than: Waiting | undefined): boolean {
  return waiting.size > (than?.waiting.size ?? 0);
}
