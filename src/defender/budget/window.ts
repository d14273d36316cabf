import { SLICES, type WindowName, type WindowStanding } from './standing.ts';
import { BULK } from './store.ts';

interface Entry {
  readonly at: number;
  readonly call: string;
  readonly account: string;
}

interface Use {
  count: number;
  /** Milliseconds since the epoch up to which the account's pace is paid. */
  paid: number;
}

/** The calls of one exact sliding window, oldest first. A call taken at t has come back at t + length. */
export class SlidingWindow {
  readonly #name: WindowName;
  readonly #length: number;
  #entries: Entry[] = [];
  readonly #uses = new Map<string, Use>();

  constructor(name: WindowName, length: number) {
    this.#name = name;
    this.#length = length;
  }

  get size(): number {
    return this.#entries.length;
  }

  forgetUntil(now: number): void {
    const gone = this.#countUntil(now - this.#length);
    for (const entry of this.#entries.splice(0, gone)) this.#release(entry);
  }

  add(entry: Entry, paid: number): void {
    const use = this.#uses.get(entry.account);
    this.#uses.set(entry.account, { count: (use?.count ?? 0) + 1, paid });
    this.#entries.splice(this.#countUntil(entry.at), 0, entry);
  }

  remove(call: string): void {
    const index = this.#entries.findIndex((entry) => entry.call === call);
    for (const entry of index < 0 ? [] : this.#entries.splice(index, 1)) this.#release(entry);
  }

  standing(account: string, limit: number, now: number): WindowStanding {
    const use = this.#uses.get(account);
    const since = now - this.#length;
    return {
      name: this.#name,
      limit,
      length: this.#length,
      used: this.size,
      own: use?.count ?? 0,
      most: this.#most(),
      bulk: this.#uses.get(BULK)?.count ?? 0,
      paid: use ? use.paid - now : -this.#length,
      freed: Array.from({ length: SLICES }, (_, slice) =>
        this.#countUntil(since + Math.floor(((slice + 1) * this.#length) / SLICES)),
      ),
      first: (this.#entries[0]?.at ?? since) - since,
      last: (this.#entries.at(-1)?.at ?? since) - since,
    };
  }

  #most(): number {
    let most = 0;
    for (const [account, { count }] of this.#uses) {
      if (account !== BULK) most = Math.max(most, count);
    }
    return most;
  }

  #release({ account }: Entry): void {
    const use = this.#uses.get(account);
    if (use && use.count > 1) use.count -= 1;
    else this.#uses.delete(account);
  }

  #countUntil(at: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.at ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
