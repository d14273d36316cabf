import type { Caller } from '../auth/caller.ts';
import type { Machine } from './machine.ts';
import type { UserName } from './userName.ts';

/** The devices of one user as one caller saw them. */
export interface Sighting {
  /** Null for a user whom Defender does not know. */
  readonly machines: readonly Machine[] | null;
  /** When the reading of Defender began, in milliseconds since the epoch. */
  readonly readAt: number;
  /** Until when this may be served without asking again, in milliseconds since the epoch. */
  readonly freshUntil: number;
  /** False where the answer had more pages than are followed, or a device that could not be read. */
  readonly complete: boolean;
  readonly source: 'LIVE' | 'CACHE' | 'STALE';
}

/**
 * The one shape that the layers between GraphQL and Defender stack: each adds one policy and calls the next.
 * Rejects with a Failure, or with the signal's reason once that aborts.
 */
export type MachinesOfUser = (
  caller: Caller,
  userName: UserName,
  signal: AbortSignal,
) => Promise<Sighting>;
