import type { Rendering, Turn } from './rendering.ts';
import type { Sighting } from './sighting.ts';
import { bytesOfRendering } from './weight.ts';

/** What the cache holds of one user for one caller. */
export interface Entry {
  readonly sighting: Sighting;
  /** Until when it may stand in, in milliseconds since the epoch. */
  readonly usableUntil: number;
  /** Until when nobody asks Defender again for it, since that has just failed: milliseconds since the epoch. */
  restsUntil: number;
  readonly renderings: readonly Rendering[];
  readonly turn: Turn;
  /** Of the sighting alone. */
  readonly bytes: number;
}

/** The documents of a few dashboards and notebooks. */
const MOST_RENDERINGS = 16;
/**
 * Bytes of an entry's renderings, for each byte of its sighting and beside: sightings take calls to get, renderings none,
 * so that one caller's documents could push out what all others have seen.
 */
const SHARE = { times: 4, plus: 12_000 };

/** In bytes, with the key. */
export function sizeOf({ bytes, renderings }: Entry, key: string): number {
  return bytes + 2 * key.length + sizeOfAll(renderings);
}

/** As many of the latest renderings as an entry may have. */
export function withinShare(
  renderings: readonly Rendering[],
  { bytes }: Pick<Entry, 'bytes'>,
): readonly Rendering[] {
  const most = SHARE.times * bytes + SHARE.plus;
  let kept = renderings.slice(-MOST_RENDERINGS);
  while (sizeOfAll(kept) > most) kept = kept.slice(1);
  return kept;
}

function sizeOfAll(renderings: readonly Rendering[]): number {
  return renderings.reduce((sum, each) => sum + bytesOfRendering(each), 0);
}

/** Whether a caller was told of the very reading that is cached. */
export function isOf(cached: Sighting, told: Sighting): boolean {
  return cached.machines === told.machines && cached.readAt === told.readAt;
}
