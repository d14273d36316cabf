import type { Clock } from '../../clock.ts';
import { forecast, toNewcomer } from './forecast.ts';
import { rateLimited, type RanOut } from './rateLimited.ts';
import type { Slots } from './slots.ts';
import type { Standing } from './standing.ts';
import { accountOf, type Account, type BudgetStore, type Limits, type Refused } from './store.ts';
import { Turns, type Queue } from './turns.ts';
import { waitFor, type Waiter as WaiterFor } from './waiter.ts';

/** Milliseconds for which a refusal is believed: a refund elsewhere, or another replica's return, may undo it. */
const BELIEVED = 1_000;

/** Leave to make one call now. */
export interface Turn {
  /** Its name in the store. */
  readonly call: string;
  /** Gives its slot back, and says whether Defender has answered the caller. */
  readonly release: (isAnswered: boolean) => void;
}

type Waiter = WaiterFor<Turn>;

interface Known {
  readonly standing: Standing;
  /** Milliseconds since the epoch of `standing`. */
  readonly at: number;
}

interface Expected {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: RanOut;
  readonly limits: Limits;
}

interface CallerQueue extends Queue<Waiter> {
  readonly account: Account;
  /** Not worth asking the store before, in milliseconds since the epoch. */
  notBefore: number;
  known?: Known;
  /** Those told just now when to come back: they are still ahead of who comes next. */
  turnedAway: number;
}

export interface LineOptions {
  readonly budget: string;
  readonly store: BudgetStore;
  readonly slots: Slots;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Called when a turn has been given: another budget may have the next. */
  readonly onServed: () => void;
  /** Called when a slot was held in vain: another budget may use it. */
  readonly onRefused: () => void;
  /** Called when nobody waits. */
  readonly onEmpty: () => void;
}

/** Those who wait for one budget. */
export class Line {
  readonly #options: LineOptions;
  readonly #turns = new Turns<Waiter, CallerQueue>();
  #notBefore = 0;
  #known: Known | undefined;
  #isServing = false;
  #cancelWake = () => {};

  constructor(options: LineOptions) {
    this.#options = options;
  }

  get queues(): Iterable<CallerQueue> {
    return this.#turns;
  }

  waitingOf(caller: string, isBulk: boolean): number {
    return this.#turns.of(caller, isBulk)?.waiting.size ?? 0;
  }

  turn(
    { caller, isBulk }: Pick<CallerQueue, 'caller' | 'isBulk'>,
    signal: AbortSignal,
    waitMilliseconds: number,
  ): Promise<Turn> {
    const queue = this.#turns.of(caller, isBulk) ?? this.#join(caller, isBulk);
    return waitFor<Turn>({
      signal,
      clock: this.#options.clock,
      milliseconds: waitMilliseconds,
      join: (waiter) => {
        this.#admit(queue, waiter);
        this.serve();
      },
      leave: (waiter) => void queue.waiting.delete(waiter),
      timeOut: (waiter) => this.#turnAway(queue, waiter),
    });
  }

  /** Something has come back sooner than expected, or later. */
  retry(): void {
    this.#notBefore = 0;
    for (const queue of this.#turns) queue.notBefore = 0;
    this.serve();
  }

  /** Gives what turns can be given now. */
  serve(): void {
    // Until then there is nothing to give, and it wakes by itself.
    const isRefused = this.#options.clock.now() < this.#notBefore;
    if (!this.#isServing && !isRefused) void this.#serve();
  }

  async #serve(): Promise<void> {
    const { budget, store, slots, onServed, onRefused } = this.#options;
    this.#isServing = true;
    for (;;) {
      const queue = this.#next();
      if (!queue) break;
      // The slot is held before the budget is taken, so that a call that is taken is made in the same moment.
      const release = slots.hold(queue.caller);
      const taken = await store.take(budget, queue.account);
      const [waiter] = queue.waiting;
      if ('refused' in taken) {
        release(false);
        this.#refused(queue, taken.refused);
        onRefused();
      } else if (waiter) {
        this.#turns.served(queue);
        onServed();
        waiter.resolve({ call: taken.call, release });
      } else {
        release(false);
        await store.refund(budget, taken.call);
      }
    }
    this.#isServing = false;
    this.#rest();
  }

  #join(caller: string, isBulk: boolean): CallerQueue {
    const account = accountOf(caller, isBulk);
    const waiting = new Set<Waiter>();
    const queue = { caller, isBulk, account, waiting, notBefore: 0, turnedAway: 0 };
    this.#turns.join(queue);
    return queue;
  }

  #next(): CallerQueue | undefined {
    const now = this.#options.clock.now();
    if (now < this.#notBefore) return undefined;
    return this.#turns.next(
      ({ waiting, notBefore, caller }) =>
        waiting.size > 0 && notBefore <= now && this.#options.slots.mayHold(caller),
    );
  }

  #refused(queue: CallerQueue, { waitMilliseconds, forAll, standing }: Refused): void {
    const now = this.#options.clock.now();
    const until = now + Math.min(BELIEVED, waitMilliseconds);
    queue.notBefore = until;
    queue.known = { standing, at: now };
    this.#known = queue.known;
    if (forAll) this.#notBefore = until;
    for (const refused of forAll ? this.#turns : [queue]) {
      const waiting = [...refused.waiting];
      refused.waiting.clear();
      refused.turnedAway = 0;
      for (const waiter of waiting) this.#admit(refused, waiter);
    }
  }

  /** Lets it wait at the end of its queue, unless it is known not to have its turn in time. */
  #admit(queue: CallerQueue, waiter: Waiter): void {
    const expected = this.#expected(queue, queue.waiting.size + 1);
    if (expected && expected.at > waiter.deadline) this.#turnAway(queue, waiter);
    else queue.waiting.add(waiter);
  }

  #turnAway(queue: CallerQueue, waiter: Waiter): void {
    queue.waiting.delete(waiter);
    const expected = this.#expected(queue, queue.waiting.size + queue.turnedAway + 1);
    queue.turnedAway += 1;
    const wait = (expected?.at ?? 0) - this.#options.clock.now();
    const by = expected && wait > 0 ? expected.by : 'connections';
    waiter.reject(rateLimited(by, wait, expected?.limits ?? this.#options.limits));
  }

  /** When the queue will have its `nth` turn, and what makes it wait. Undefined where the store was not asked lately. */
  #expected(queue: CallerQueue, nth: number): Expected | undefined {
    const isRefused = this.#options.clock.now() < Math.max(this.#notBefore, queue.notBefore);
    const known = queue.known ?? this.#known;
    if (!known || !isRefused) return undefined;
    const standing = queue.known ? known.standing : toNewcomer(known.standing);
    const { wait, by } = forecast(standing, queue.account, nth, this.#turns.ahead(queue, nth));
    const limits = { minute: standing.minute.limit, hour: standing.hour.limit };
    return { at: known.at + wait, by, limits };
  }

  /** Forgets who waits no longer, and wakes when there is something to ask the store for. */
  #rest(): void {
    const { clock, onEmpty } = this.#options;
    this.#cancelWake();
    let wake = Infinity;
    for (const queue of this.#turns) {
      const until = Math.max(this.#notBefore, queue.notBefore) - clock.now();
      if (until > 0) wake = Math.min(wake, until);
      else if (queue.waiting.size === 0) this.#turns.leave(queue);
    }
    if (this.#turns.size === 0) onEmpty();
    else if (wake < Infinity) this.#cancelWake = clock.after(wake, () => this.serve());
  }
}
