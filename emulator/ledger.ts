/** One call of the Defender API, as it was met. */
export interface LedgerCall {
  /** From 1, in the order of arrival. */
  readonly number: number;
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly at: number;
  /** The target as it was sent, still percent-encoded, with its query. */
  readonly path: string;
  /** The account name asked for, decoded and in lower case. */
  readonly user: string;
  /** The caller whose token it was; undefined where no token could be verified. */
  caller: string | undefined;
  /** The status of the answer; undefined while there is none, and where the socket was cut. */
  status: number | undefined;
  /** It came before an earlier Retry-After had passed. */
  tooEarly: boolean;
  /** The client went away before the answer was whole. */
  aborted: boolean;
}

/** Counts by name. */
export type Tally = Readonly<Record<string, number>>;

/** The calls that are kept one by one; counts go on beyond it. */
const keptCalls = 10_000;

class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  clear(): void {
    this.#counts.clear();
  }

  get tally(): Tally {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** What the emulator has seen since it started, or since the last reset. */
export class Ledger {
  /** Calls of `/api/users/{id}/machines`, whatever became of them; each page and each attempt is one. */
  total = 0;
  /** Calls made before an earlier Retry-After had passed. */
  tooEarly = 0;
  /** Calls whose client went away before the answer was whole. */
  aborted = 0;
  /** Calls that are being answered now, and the most that ever were at once. */
  inFlight = 0;
  peakInFlight = 0;
  /** TCP connections opened. */
  connections = 0;
  /** Targets of requests that are no endpoint of the emulator. */
  strays: string[] = [];
  /** The latest calls, oldest first. */
  calls: LedgerCall[] = [];
  readonly #byUser = new Counts();
  readonly #byCaller = new Counts();
  readonly #byStatus = new Counts();
  #waiting: { reached: () => boolean; resolve: () => void }[] = [];
  #generation = 0;

  /** By account name, in lower case. */
  get byUser(): Tally {
    return this.#byUser.tally;
  }

  /** By name of the caller; `unverified` where no token could be verified. */
  get byCaller(): Tally {
    return this.#byCaller.tally;
  }

  /** By status of the answer; `none` where the socket was cut or the client went away. */
  get byStatus(): Tally {
    return this.#byStatus.tally;
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
    this.total = this.tooEarly = this.aborted = this.connections = 0;
    this.peakInFlight = this.inFlight;
    this.strays = [];
    this.calls = [];
    for (const counts of [this.#byUser, this.#byCaller, this.#byStatus]) counts.clear();
  }

  /** Books a call. The returned function books its end; one from before a reset is not counted after it. */
  open(call: Pick<LedgerCall, 'at' | 'path' | 'user' | 'caller'>): {
    call: LedgerCall;
    close: () => void;
  } {
    const generation = this.#generation;
    this.total += 1;
    const opened: LedgerCall = {
      number: this.total,
      ...call,
      status: undefined,
      tooEarly: false,
      aborted: false,
    };
    this.#byUser.add(call.user);
    this.#byCaller.add(call.caller ?? 'unverified');
    this.calls.push(opened);
    if (this.calls.length > keptCalls) this.calls.shift();
    this.inFlight += 1;
    this.peakInFlight = Math.max(this.peakInFlight, this.inFlight);
    this.#wake();
    const close = (): void => {
      this.inFlight -= 1;
      if (generation === this.#generation) {
        this.#byStatus.add(String(opened.status ?? 'none'));
        if (opened.aborted) this.aborted += 1;
      }
      this.#wake();
    };
    return { call: opened, close };
  }

  toJSON(): object {
    const { total, tooEarly, aborted, inFlight, peakInFlight, connections, strays } = this;
    const { byUser, byCaller, byStatus } = this;
    const counts = { total, tooEarly, aborted, inFlight, peakInFlight, connections };
    return { ...counts, byCaller, byStatus, byUser, strays };
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
