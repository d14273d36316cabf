import type { Estate } from '../../emulator/estate.ts';
import type { Person } from '../../examples/supergraph/directory.ts';

const WORK = [
  ['Finance', 'Accountant'],
  ['Engineering', 'Software engineer'],
  ['Sales', 'Account manager'],
  ['Legal', 'Counsel'],
  ['Operations', 'Site manager'],
  ['Support', 'Support engineer'],
  ['Research', 'Scientist'],
] as const;

/** Everybody in the estate, those first who have names as people have them. */
export function peopleOf({ users }: Estate): Person[] {
  return users
    .map(({ accountName, displayName, userPrincipalName }, index) => {
      const [department, jobTitle] = WORK[(index * 5 + (index >> 3)) % WORK.length] ?? WORK[0];
      const isPerson = accountName !== 'svc-backup';
      return {
        id: accountName,
        displayName,
        userPrincipalName,
        ...(isPerson && { department, jobTitle }),
      };
    })
    .toSorted((one, other) => placeOf(one) - placeOf(other));
}

function placeOf({ id }: Person): number {
  return /^user\d+$/.test(id) ? 1 : 0;
}
