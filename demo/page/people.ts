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

/** Everybody in the estate: well mixed, those first who have names as people have them. */
export function peopleOf({ users }: Estate): Person[] {
  return users
    .map(({ accountName, displayName, userPrincipalName }, index) => {
      const place = mixed(index);
      const [department, jobTitle] = WORK[place % WORK.length] ?? WORK[0];
      const id = accountName;
      const isService = id.startsWith('svc-');
      const rank = isService ? 1 : /^user\d+$/.test(id) ? 2 : 0;
      const work = isService ? {} : { department, jobTitle };
      return { place, rank, person: { id, displayName, userPrincipalName, ...work } };
    })
    .toSorted((one, other) => one.rank - other.rank || one.place - other.place)
    .map(({ person }) => person);
}

/** Knuth's multiplicative hash: neighbours land far apart, and always at the same place. */
function mixed(index: number): number {
  return Math.imul(index + 1, 2_654_435_761) >>> 0;
}
