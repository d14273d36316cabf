import type { WindowName } from './standing.ts';

/** Milliseconds. A 429 may name no time, a time too short to help, or one that no limit of Defender's explains. */
const PAUSE = { unnamed: 30_000, least: 1_000, most: 3_600_000 };
/** Spreads the first calls after a pause. */
const MOST_JITTER = 1_000;

/** How long nobody calls after a 429: never shorter than its Retry-After, as calls until then keep being refused. */
export function pauseOf(retryAfterMilliseconds: number | undefined, random: () => number): number {
  const named = retryAfterMilliseconds ?? PAUSE.unnamed;
  const pause = Math.min(PAUSE.most, Math.max(PAUSE.least, named));
  return Math.ceil(pause + random() * MOST_JITTER);
}

const WINDOW_OF: Readonly<Record<string, WindowName>> = {
  '00:01:00': 'minute',
  '01:00:00': 'hour',
};

/** The limit that a 429 names: "API calls quota exceeded! maximum allowed 100 per 00:01:00. …". */
export function limitIn(message: string): { window: WindowName; limit: number } | undefined {
  const [, limit, span] = /maximum allowed (\d{1,6}) per (\d\d:\d\d:\d\d)/i.exec(message) ?? [];
  const window = WINDOW_OF[span ?? ''];
  return window && Number(limit) > 0 ? { window, limit: Number(limit) } : undefined;
}
