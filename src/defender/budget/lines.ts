import { Line, type LineOptions, type Turn } from './line.ts';
import { rateLimited } from './rateLimited.ts';

export interface LinesOptions extends Omit<
  LineOptions,
  'budget' | 'onServed' | 'onRefused' | 'onEmpty'
> {
  /** Asks that may wait at once, of all callers and budgets. */
  readonly mostWaiting: number;
}

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
    if (this.#waiting >= this.#options.mostWaiting) this.#makeRoom(place);
    this.#waiting += 1;
    try {
      return await this.#lineOf(place.budget).turn(place, signal, waitMilliseconds);
    } finally {
      this.#waiting -= 1;
    }
  }

  serve(): void {
    for (const line of [...this.#lines.values()]) line.serve();
  }

  /** Something of this budget has come back sooner than expected, or later. */
  retry(budget: string): void {
    this.#lines.get(budget)?.retry();
  }

  /** The last ask of the longest queue goes, unless that is the newcomer's own. Strangers go first. */
  #makeRoom({ budget, caller, isBulk }: Place): void {
    const { slots, limits } = this.#options;
    const queues = [...this.#lines.values()].flatMap((line) => [...line.queues]);
    const strangers = slots.isProven(caller)
      ? queues.filter((queue) => queue.waiting.size > 0 && !slots.isProven(queue.caller))
      : [];
    const longest = (strangers.length > 0 ? strangers : queues).reduce((one, other) =>
      other.waiting.size > one.waiting.size ? other : one,
    );
    const own = this.#lines.get(budget)?.waitingOf(caller, isBulk) ?? 0;
    const last = [...longest.waiting].at(-1);
    const full = rateLimited('queue', 1_000, limits);
    if (!last || (strangers.length === 0 && longest.waiting.size <= own + 1)) throw full;
    last.reject(full);
  }

  #lineOf(budget: string): Line {
    const known = this.#lines.get(budget);
    if (known) return known;
    const line: Line = new Line({
      ...this.#options,
      budget,
      onServed: () => {
        this.#lines.delete(budget);
        this.#lines.set(budget, line);
      },
      onRefused: () => this.serve(),
      onEmpty: () => this.#lines.delete(budget),
    });
    this.#lines.set(budget, line);
    return line;
  }
}
