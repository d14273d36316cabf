import { createHmac } from 'node:crypto';
import { decide, keptBackFor } from './decision.ts';
import { KEY_PARTS, type Operation } from './script.ts';
import { LESSON, WINDOWS } from './spending.ts';
import { SLICES, type Standing, type WindowName, type WindowStanding } from './standing.ts';
import { BULK, type Account, type Limits, type Taken, type WindowOptions } from './store.ts';

/** Runs the script of script.ts. Rejects where Redis can not be asked, or does not answer in time. */
export type RunScript = (
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

export interface RedisStoreOptions extends WindowOptions {
  readonly run: RunScript;
  /** Budgets and callers are named by hashes that only who knows this can make. */
  readonly secret: string | Buffer;
  /** Tells this process's calls from those of other replicas. */
  readonly replica: string;
  /** Milliseconds since the epoch, in place of Redis's own clock, which is the one that replicas share. */
  readonly now?: () => number;
}

export interface PastCall {
  readonly call: string;
  readonly agoMilliseconds: number;
}

/** So often the budget may change between reading and taking before the taker gives way for so many milliseconds. */
const GIVE_WAY = { conflicts: 20, milliseconds: 20 };
/** Calls told in one script call. */
const TOLD_AT_ONCE = 500;

/** What has been spent, shared by all replicas. Every method rejects where Redis can not be asked. */
export class RedisStore {
  readonly #options: RedisStoreOptions;
  #calls = 0;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  /** A new name for a call of this account, which tells nothing of it. */
  callOf(account: Account): string {
    this.#calls += 1;
    return `${this.#nameOf(account)} ${this.#options.replica}.${this.#calls}`;
  }

  /** The call in both windows or why it was not taken, and how things stood before. */
  async take(budget: string, account: Account): Promise<Taken & { readonly standing: Standing }> {
    for (let conflicts = 0; ; conflicts += 1) {
      const { version, standing } = await this.#read(budget, account);
      const decision = decide(standing, account);
      if ('refused' in decision) {
        const wanted = keptBackFor(decision.refused);
        if (!account.isBulk && standing.wantedFor < wanted) await this.#run(budget, 'want', wanted);
        return { ...decision, standing };
      }
      if (conflicts === GIVE_WAY.conflicts) {
        const waitMilliseconds = GIVE_WAY.milliseconds;
        return { refused: { waitMilliseconds, by: 'minute', forAll: false, standing }, standing };
      }
      const call = this.callOf(account);
      const paid = [decision.paid.minute, decision.paid.hour].map(Math.floor);
      const isTaken = await this.#run(budget, 'commit', version, call, ...paid);
      if (isTaken === 1) return { call, standing };
    }
  }

  async refund(budget: string, call: string): Promise<void> {
    await this.#run(budget, 'refund', call);
  }

  async pause(budget: string, milliseconds: number): Promise<void> {
    await this.#run(budget, 'pause', Math.ceil(milliseconds));
  }

  async teach(budget: string, window: WindowName, limit: number): Promise<void> {
    await this.#run(budget, 'teach', window, limit, LESSON);
  }

  async read(budget: string, account: Account): Promise<Standing> {
    return (await this.#read(budget, account)).standing;
  }

  /** Adds calls that it may not know of. Those that it knows are left as they are. */
  async tell(budget: string, calls: readonly PastCall[]): Promise<void> {
    for (let from = 0; from < calls.length; from += TOLD_AT_ONCE) {
      const told = calls.slice(from, from + TOLD_AT_ONCE);
      const args = told.flatMap(({ call, agoMilliseconds }) => [Math.floor(agoMilliseconds), call]);
      await this.#run(budget, 'tell', ...args);
    }
  }

  async #read(budget: string, account: Account): Promise<{ version: string; standing: Standing }> {
    const answer = await this.#run(budget, 'read', this.#nameOf(account), SLICES);
    const [version, ...numbers] = answer as readonly [string, ...number[]];
    return { version, standing: standingOf(numbers, this.#options) };
  }

  #run(budget: string, operation: Operation, ...args: (string | number)[]): Promise<unknown> {
    const { run, now, marginMilliseconds } = this.#options;
    const tag = this.#hash(`budget ${budget}`);
    const keys = KEY_PARTS.map((part) => `defender:{${tag}}:${part}`);
    return run(keys, [operation, now?.() ?? '', marginMilliseconds, ...args]);
  }

  #nameOf({ name }: Account): string {
    return name === BULK ? BULK : this.#hash(`account ${name}`);
  }

  #hash(text: string): string {
    return createHmac('sha256', this.#options.secret).update(text).digest('base64url').slice(0, 22);
  }
}

function standingOf(
  [pausedFor = 0, wanted = 0, ...windows]: readonly number[],
  { limits, marginMilliseconds }: { limits: Limits; marginMilliseconds: number },
): Standing {
  const numbersEach = windows.length / 2;
  const of = (name: WindowName, numbers: readonly number[]): WindowStanding => {
    const [taught = -1, used = 0, own = 0, most = 0, bulk = 0, paid = 0, first = 0, last = 0] =
      numbers;
    return {
      name,
      limit: taught < 0 ? limits[name] : Math.min(limits[name], taught),
      length: WINDOWS[name] + marginMilliseconds,
      ...{ used, own, most, bulk, paid, first, last },
      freed: numbers.slice(-SLICES),
    };
  };
  return {
    minute: of('minute', windows.slice(0, numbersEach)),
    hour: of('hour', windows.slice(numbersEach)),
    pausedFor,
    wantedFor: wanted,
  };
}
