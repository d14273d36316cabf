export interface Limits {
  readonly perMinute: number;
  readonly perHour: number;
}

export interface Refusal {
  /** Whole seconds, as the header gives them. */
  readonly retryAfterSeconds: number;
  readonly message: string;
  /** The call came before an earlier Retry-After had passed. */
  readonly tooEarly: boolean;
}

const minute = 60_000;
const hour = 3_600_000;

/**
 * Both sliding windows of each application and tenant. A call takes its place for a full window's length, and after a
 * refusal every call is refused until the Retry-After that was given has passed.
 */
export class RateWindows {
  readonly #limits: Limits | 'none';
  readonly #now: () => number;
  /** Milliseconds of the calls let through, oldest first, by application and tenant. */
  readonly #passed = new Map<string, number[]>();
  readonly #blocked = new Map<string, { until: number; message: string }>();

  constructor(limits: Limits | 'none', now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Lets a call through (undefined) or refuses it. */
  admit(budget: string): Refusal | undefined {
    const now = this.#now();
    const block = this.#blocked.get(budget);
    if (block && now < block.until) {
      return { ...refusal(block.until - now, block.message), tooEarly: true };
    }
    if (this.#limits === 'none') return undefined;
    const passed = this.#passed.get(budget) ?? [];
    while (passed[0] !== undefined && passed[0] <= now - hour) passed.shift();
    const { perMinute, perHour } = this.#limits;
    const opens = [
      { at: (passed.at(-perMinute) ?? -Infinity) + minute, message: quota(perMinute, '00:01:00') },
      { at: (passed.at(-perHour) ?? -Infinity) + hour, message: quota(perHour, '01:00:00') },
    ].reduce((one, other) => (other.at > one.at ? other : one));
    if (opens.at > now) {
      const refused = refusal(opens.at - now, opens.message);
      this.block(budget, now + refused.retryAfterSeconds * 1000, opens.message);
      return refused;
    }
    passed.push(now);
    this.#passed.set(budget, passed);
    return undefined;
  }

  /** Takes back the last admission: what ends in a 401 costs nothing. */
  giveBack(budget: string): void {
    this.#passed.get(budget)?.pop();
  }

  /** Refuses every call before `until`, in milliseconds since the epoch. */
  block(budget: string, until: number, message = quota(100, '00:01:00')): void {
    this.#blocked.set(budget, { until, message });
  }

  reset(): void {
    this.#passed.clear();
    this.#blocked.clear();
  }
}

function refusal(milliseconds: number, message: string): Refusal {
  return {
    retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)),
    message,
    tooEarly: false,
  };
}

function quota(limit: number, window: string): string {
  return `API calls quota exceeded! maximum allowed ${limit} per ${window}. You can send requests again once Retry-After has passed.`;
}
