import { decide, type Allowed } from './decision.ts';
import type { Standing, WindowName } from './standing.ts';
import type { Account, Limits, Refused } from './store.ts';
import { SlidingWindow } from './window.ts';

const WINDOWS = { minute: 60_000, hour: 3_600_000 } as const;
/** Milliseconds for which a limit that a 429 has named is believed. */
const LESSON = 3_600_000;
/** Milliseconds for which a refused interactive caller keeps bulk callers back: until it can be back, within reason. */
const WANTED = { mostWait: 8_000, late: 2_000 };

interface Lesson {
  readonly limit: number;
  readonly until: number;
}

/** What has been spent of one budget. Every method is told the time, in milliseconds since the epoch. */
export class Spending {
  readonly #limits: Limits;
  readonly #windows: Readonly<Record<WindowName, SlidingWindow>>;
  readonly #lessons = new Map<WindowName, Lesson>();
  #pausedUntil = 0;
  #wantedUntil = 0;

  constructor(limits: Limits, marginMilliseconds: number) {
    this.#limits = limits;
    this.#windows = {
      minute: new SlidingWindow('minute', WINDOWS.minute + marginMilliseconds),
      hour: new SlidingWindow('hour', WINDOWS.hour + marginMilliseconds),
    };
  }

  /** Whether to forget it would make no difference. */
  isUnspent(now: number): boolean {
    this.#windows.hour.forgetUntil(now);
    const lessons = [...this.#lessons.values()];
    return (
      this.#windows.hour.size === 0 &&
      this.#pausedUntil <= now &&
      lessons.every(({ until }) => until <= now)
    );
  }

  decide(account: Account, now: number): Allowed | { readonly refused: Refused } {
    const { minute, hour } = this.#windows;
    const decision = decide(this.standing(account, now), account, {
      minute: (count) => minute.comesBack(count, now),
      hour: (count) => hour.comesBack(count, now),
    });
    if ('refused' in decision && !account.isBulk) {
      const wait = Math.min(decision.refused.waitMilliseconds, WANTED.mostWait);
      this.#wantedUntil = Math.max(this.#wantedUntil, now + wait + WANTED.late);
    }
    return decision;
  }

  add(call: string, account: Account, { paid }: Allowed, now: number): void {
    for (const name of ['minute', 'hour'] as const) {
      this.#windows[name].add(
        { at: now, call, account: account.name },
        Math.floor(now + paid[name]),
      );
    }
  }

  remove(call: string): void {
    this.#windows.minute.remove(call);
    this.#windows.hour.remove(call);
  }

  pause(milliseconds: number, now: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, now + milliseconds);
  }

  teach(window: WindowName, limit: number, now: number): void {
    this.#lessons.set(window, { limit, until: now + LESSON });
  }

  standing({ name: account }: Account, now: number): Standing {
    const of = (name: WindowName) => {
      const lesson = this.#lessons.get(name);
      const limit = this.#limits[name];
      this.#windows[name].forgetUntil(now);
      return this.#windows[name].standing(
        account,
        lesson && lesson.until > now ? Math.min(limit, lesson.limit) : limit,
        now,
      );
    };
    return {
      minute: of('minute'),
      hour: of('hour'),
      pausedFor: Math.max(0, this.#pausedUntil - now),
      wantedFor: Math.max(0, this.#wantedUntil - now),
    };
  }
}
