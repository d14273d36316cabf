import type { ServerResponse } from 'node:http';

/** One call, as it was met. */
export interface RecordedCall {
  /** From 1, in the order of arrival. */
  readonly number: number;
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly at: number;
  /** The target as it was sent, still percent-encoded, with its query. */
  readonly path: string;
  /** The account name asked for, decoded and in lower case; empty at the token endpoint. */
  readonly user: string;
  /** The caller whose token it was; undefined where nobody's could be read. */
  readonly caller: string | undefined;
  /** The status of the answer; undefined while there is none, and where the socket was cut. */
  status: number | undefined;
  /** It came before an earlier Retry-After had passed. */
  tooEarly: boolean;
  /** The client went away before the answer was whole. */
  aborted: boolean;
}

/** Counts by name, in the order of the names. */
export type Tally = Readonly<Record<string, number>>;

/** The calls that are kept one by one; counting goes on beyond it. */
const keptCalls = 10_000;

/** The calls of one endpoint since the start, or since the last reset. */
export class CallBook {
  /** Every call, whatever became of it. */
  total = 0;
  /** Calls made before an earlier Retry-After had passed. */
  tooEarly = 0;
  /** Calls whose client went away before the answer was whole. */
  aborted = 0;
  /** Calls that are being answered now, and the most that ever were at once. */
  inFlight = 0;
  peakInFlight = 0;
  /** The latest calls, oldest first. */
  calls: RecordedCall[] = [];
  #byUser = new Map<string, number>();
  #byCaller = new Map<string, number>();
  #byStatus = new Map<string, number>();
  #waiting: { reached: () => boolean; resolve: () => void }[] = [];
  #generation = 0;

  /** By account name, in lower case. */
  get byUser(): Tally {
    return tally(this.#byUser);
  }

  /** By name of the caller; `unverified` where no token could be read. */
  get byCaller(): Tally {
    return tally(this.#byCaller);
  }

  /** By status of the answer; `none` where the socket was cut or the client went away. */
  get byStatus(): Tally {
    return tally(this.#byStatus);
  }

  /** When the `count`-th call since the last reset has arrived and its token has been read. */
  arrived(count: number): Promise<void> {
    return this.#until(() => this.total >= count);
  }

  /** When `count` calls have been abandoned by their client. */
  abortedBy(count: number): Promise<void> {
    return this.#until(() => this.aborted >= count);
  }

  /** When no call is being answered. */
  idle(): Promise<void> {
    return this.#until(() => this.inFlight === 0);
  }

  reset(): void {
    this.#generation += 1;
    this.total = this.tooEarly = this.aborted = 0;
    this.peakInFlight = this.inFlight;
    this.calls = [];
    for (const counts of [this.#byUser, this.#byCaller, this.#byStatus]) counts.clear();
  }

  /** Books a call; its end is booked when `response` closes. `cut`: the emulator itself destroys the socket. */
  open(
    call: Pick<RecordedCall, 'at' | 'path' | 'user' | 'caller'>,
    response: ServerResponse,
    cut: () => boolean,
  ): RecordedCall {
    const generation = this.#generation;
    this.total += 1;
    const opened: RecordedCall = {
      number: this.total,
      ...call,
      status: undefined,
      tooEarly: false,
      aborted: false,
    };
    addOne(this.#byUser, call.user);
    addOne(this.#byCaller, call.caller ?? 'unverified');
    this.calls.push(opened);
    if (this.calls.length > keptCalls) this.calls.shift();
    this.inFlight += 1;
    this.peakInFlight = Math.max(this.peakInFlight, this.inFlight);
    response.once('close', () => {
      if (response.headersSent) opened.status = response.statusCode;
      opened.aborted = !response.writableFinished && !cut();
      this.inFlight -= 1;
      // A call from before a reset is not counted after it.
      if (generation === this.#generation) {
        addOne(this.#byStatus, String(opened.status ?? 'none'));
        if (opened.aborted) this.aborted += 1;
        if (opened.tooEarly) this.tooEarly += 1;
      }
      this.#wake();
    });
    // It may have gone while its token was read.
    if (response.closed) response.emit('close');
    this.#wake();
    return opened;
  }

  toJSON(): object {
    const { total, tooEarly, aborted, inFlight, peakInFlight, byCaller, byStatus, byUser } = this;
    return { total, tooEarly, aborted, inFlight, peakInFlight, byCaller, byStatus, byUser };
  }

  #until(reached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ reached, resolve });
      this.#wake();
    });
  }

  #wake(): void {
    this.#waiting = this.#waiting.filter(({ reached, resolve }) => {
      if (!reached()) return true;
      resolve();
      return false;
    });
  }
}

function addOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function tally(counts: ReadonlyMap<string, number>): Tally {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
