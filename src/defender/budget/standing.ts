/** Into how many equal slices a window is cut where what it frees is told. */
export const SLICES = 60;

export type WindowName = 'minute' | 'hour';

/** How much of one sliding window is used, and by whom. */
export interface WindowUse {
  readonly name: WindowName;
  /** Calls in one window. A lesson learned from a 429 may have lowered it. */
  readonly limit: number;
  /** Milliseconds, margin included. */
  readonly length: number;
  readonly used: number;
  /** What this account has used of `used`. */
  readonly own: number;
  /** What the interactive account that used most has. */
  readonly most: number;
  readonly bulk: number;
}

/** Where the window stands for one account. Times are milliseconds from now, so that clocks need not agree. */
export interface WindowStanding extends WindowUse {
  /** The time up to which this account's pace is paid, from now: negative where it has credit. */
  readonly paid: number;
  /** How many of `used` come back until the end of each slice. */
  readonly freed: readonly number[];
  /** When the first and the last of `used` come back. */
  readonly first: number;
  readonly last: number;
}

export interface Standing {
  readonly minute: WindowStanding;
  readonly hour: WindowStanding;
  /** Zero where nothing is paused. */
  readonly pausedFor: number;
  /** For how long an interactive caller that was refused is taken to wait still. */
  readonly wantedFor: number;
}

/** Milliseconds until so many calls have come back, between the known points as if they came evenly. */
export function comesBack(window: WindowStanding, count: number): number {
  const { length, limit, used, first, last, freed } = window;
  if (count <= 0) return 0;
  if (count === 1) return first;
  // What is beyond all that is used must be taken first, at best at the window's own rate.
  if (count >= used) return last + ((count - used) * length) / limit;
  let from = { count: 1, at: first };
  for (const [slice, back] of freed.entries()) {
    const end = Math.min(last, ((slice + 1) * length) / SLICES);
    if (count <= back) {
      return from.at + ((end - from.at) * (count - from.count)) / (back - from.count);
    }
    if (back >= from.count) from = { count: back, at: end };
  }
  return last;
}
