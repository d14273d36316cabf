/** After so many interactive calls in a row, a waiting bulk caller has its turn. */
const BULK_TURN = 9;

/** What one caller waits for, in one priority. First come, first served. */
export interface Queue<W> {
  readonly caller: string;
  readonly isBulk: boolean;
  readonly waiting: Set<W>;
}

/**
 * Whose turn it is: callers take turns, however many calls each waits for, and bulk callers take what is left of the
 * turns, down to one in ten.
 */
export class Turns<W, Q extends Queue<W>> {
  /** In the order of turns. */
  readonly #queues = new Map<string, Q>();
  #sinceBulk = 0;

  [Symbol.iterator](): Iterator<Q> {
    return this.#queues.values();
  }

  get size(): number {
    return this.#queues.size;
  }

  /** The caller's queue, where it has one. */
  of(caller: string, isBulk: boolean): Q | undefined {
    return this.#queues.get(keyOf(caller, isBulk));
  }

  join(queue: Q): void {
    this.#queues.set(keyOf(queue.caller, queue.isBulk), queue);
  }

  leave(queue: Q): void {
    this.#queues.delete(keyOf(queue.caller, queue.isBulk));
  }

  /** The queue whose turn it is among those that are `able`. */
  next(able: (queue: Q) => boolean): Q | undefined {
    const candidates = [...this.#queues.values()].filter(able);
    const interactive = candidates.find(({ isBulk }) => !isBulk);
    const bulk = candidates.find(({ isBulk }) => isBulk);
    return bulk && (!interactive || this.#sinceBulk >= BULK_TURN) ? bulk : interactive;
  }

  /** How many calls of others go before the queue's `nth`, if all that wait get theirs. */
  ahead(queue: Q, nth: number): number {
    let ahead = 0;
    for (const other of this.#queues.values()) {
      if (other === queue || (other.isBulk && !queue.isBulk)) continue;
      const outranks = queue.isBulk && !other.isBulk;
      ahead += outranks ? other.waiting.size : Math.min(nth, other.waiting.size);
    }
    return ahead;
  }

  /** The queue has had its turn and goes to the end. */
  served(queue: Q): void {
    this.#sinceBulk = queue.isBulk ? 0 : this.#sinceBulk + 1;
    if (this.size === 1) return;
    this.leave(queue);
    this.join(queue);
  }
}

function keyOf(caller: string, isBulk: boolean): string {
  return `${isBulk ? 'bulk' : 'interactive'} ${caller}`;
}
