import { decide, keptBackFor, type Allowed } from './decision.ts';
import { mayBurst } from './pace.ts';
import { SLICES, type Standing, type WindowName } from './standing.ts';
import type { Account, Limits, Refused } from './store.ts';
import { SlidingWindow } from './window.ts';

export const WINDOWS = { minute: 60_000, hour: 3_600_000 } as const;
const WINDOW_NAMES = ['minute', 'hour'] as const;
/** Milliseconds for which a limit that a 429 has named is believed. */
export const LESSON = 3_600_000;

interface Lesson {
  readonly limit: number;
  readonly until: number;
}

export interface Heritage {
  readonly standing: Standing;
  /** When it stood so, in milliseconds since the epoch. */
  readonly at: number;
  /** Calls made after that. */
  readonly later: number;
  /** Whose calls they were, as far as known, newest first. */
  readonly accounts: readonly string[];
  /** Of how many equal parts one is taken over. */
  readonly parts: number;
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
    // Most calls, for which what comes back when is not to be counted.
    if (this.#mayBurst(account, now)) return { paid: { minute: 0, hour: 0 } };
    const decision = decide(this.standing(account, now), account);
    if ('refused' in decision && !account.isBulk) {
      this.#wantedUntil = Math.max(this.#wantedUntil, now + keptBackFor(decision.refused));
    }
    return decision;
  }

  add(call: string, account: Account, { paid }: Allowed, now: number): void {
    for (const name of WINDOW_NAMES) {
      this.#windows[name].add(
        { at: now, call, account: account.name },
        Math.floor(now + paid[name]),
      );
    }
  }

  /** Takes over its part of what another store knew. */
  adopt({ standing, at, later, accounts, parts }: Heritage): void {
    for (const name of WINDOW_NAMES) {
      const { freed, length, limit } = standing[name];
      this.teach(name, partOf(limit, parts), at);
      const back = [...freed.slice(0, -1), (freed.at(-1) ?? 0) + later];
      const count = Math.ceil((back.at(-1) ?? 0) / parts);
      for (let call = 0; call < count; call += 1) {
        const slice = back.findIndex((upTo) => call < upTo / parts);
        const cameAt = at - length + Math.ceil(((slice + 1) * length) / SLICES);
        const account = accounts[count - 1 - call] ?? 'adopted';
        this.#windows[name].add({ at: cameAt, call: `adopted ${call}`, account }, cameAt);
      }
    }
    this.pause(standing.pausedFor, at);
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
    const of = (name: WindowName) =>
      this.#windowAt(name, now).standing(account, this.#limit(name, now), now);
    return {
      minute: of('minute'),
      hour: of('hour'),
      pausedFor: Math.max(0, this.#pausedUntil - now),
      wantedFor: Math.max(0, this.#wantedUntil - now),
    };
  }

  #mayBurst(account: Account, now: number): boolean {
    return (
      this.#pausedUntil <= now &&
      WINDOW_NAMES.every((name) =>
        mayBurst(this.#windowAt(name, now).use(account.name, this.#limit(name, now)), account),
      )
    );
  }

  #windowAt(name: WindowName, now: number): SlidingWindow {
    const window = this.#windows[name];
    window.forgetUntil(now);
    return window;
  }

  #limit(name: WindowName, now: number): number {
    const lesson = this.#lessons.get(name);
    const limit = this.#limits[name];
    return lesson && lesson.until > now ? Math.min(limit, lesson.limit) : limit;
  }
}

/** One of so many equal parts of a limit, and at least one call. */
export function partOf(limit: number, parts: number): number {
  return Math.max(1, Math.floor(limit / parts));
}
