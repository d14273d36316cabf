import DataLoader from 'dataloader';
import type { Caller } from '../auth/caller.ts';
import type { MachinesOfUser, Sighting } from './sighting.ts';
import type { UserName } from './userName.ts';

export type MachineLoader = Pick<DataLoader<UserName, Sighting>, 'load'>;

/**
 * One request's view: however often it names a user, that user is asked for once, and sees one answer.
 * A failure belongs to its own user, never to the batch; a caller who can't be made out fails each user.
 */
export function createLoader(
  machinesOf: MachinesOfUser,
  caller: Promise<Caller>,
  signal: AbortSignal,
): MachineLoader {
  return new DataLoader<UserName, Sighting>((userNames) =>
    Promise.all(
      userNames.map(async (userName) => {
        try {
          return await machinesOf(await caller, userName, signal);
        } catch (error) {
          return error instanceof Error ? error : new Error('not an error', { cause: error });
        }
      }),
    ),
  );
}
