import type { Rendering } from './rendering.ts';
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
  /** Of the sighting alone. */
  readonly bytes: number;
}

/** In bytes, with the key. */
export function sizeOf({ bytes, renderings }: Entry, key: string): number {
  return renderings.reduce((sum, each) => sum + bytesOfRendering(each), bytes + 2 * key.length);
}

/** Whether a caller was told of the very reading that is cached. */
export function isOf(cached: Sighting, told: Sighting): boolean {
  return cached.machines === told.machines && cached.readAt === told.readAt;
}
