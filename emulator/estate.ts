import { makeMachine } from './payload.ts';
import type { DefenderMachine, DeviceGroup } from './payload.ts';
import { Random } from './random.ts';

const numberedUsers = 1_000;
const totalUsers = 2_000;
const totalDevices = 3_000;
const serviceAccountDevices = 1_200;

export interface EstateUser {
  /** The bare account name, which the API takes as `{id}`. */
  readonly accountName: string;
  readonly displayName: string;
  readonly userPrincipalName: string;
  /** A GUID, as a directory keys its users. */
  readonly objectId: string;
}

/** What is true: who exists, which devices exist, and who has logged on to which. */
export interface Estate {
  readonly seed: number;
  /** `user1` to `user1000`, then names as people have them, last the service account `svc-backup`. */
  readonly users: readonly EstateUser[];
  readonly devices: readonly DefenderMachine[];
  /** The 8 device groups and, first, the absence of one: id 0 with a null name. */
  readonly groups: readonly DeviceGroup[];
  /** By account name, whatever its letter case. A UPN or `DOMAIN\user` is no account name. */
  user(accountName: string): EstateUser | undefined;
  /** Every device that the user has logged on to; undefined for an unknown user. */
  machinesOf(accountName: string): readonly DefenderMachine[] | undefined;
}

const noGroup: DeviceGroup = { id: 0, name: null };
const groups: readonly [DeviceGroup, ...DeviceGroup[]] = [
  noGroup,
  { id: 1, name: 'Berlin Workstations' },
  { id: 2, name: 'Paris Workstations' },
  { id: 3, name: 'Shared Laptops' },
  { id: 4, name: 'New York Workstations' },
  { id: 5, name: 'Sydney Workstations' },
  { id: 6, name: 'Servers' },
  { id: 7, name: 'Executives' },
  { id: 8, name: 'Lab' },
];

/** The same estate for the same seed: 2,000 users, 3,000 devices. `user1` has a device in each group, `user2` has none. */
export function makeEstate(seed: number): Estate {
  const random = new Random(seed);
  const devices = Array.from({ length: totalDevices }, (_, index) =>
    Object.freeze(makeMachine(random, index + 1, groups[index % 11] ?? random.pick(groups))),
  );
  const users = makeUsers(random);
  const userByName = new Map(users.map((user) => [user.accountName.toLowerCase(), user]));
  const machinesByName = new Map(
    users.map((user) => [
      user.accountName.toLowerCase(),
      Object.freeze(logons(random, user.accountName, devices)),
    ]),
  );
  return {
    seed,
    users,
    devices,
    groups,
    user: (accountName) => userByName.get(accountName.toLowerCase()),
    machinesOf: (accountName) => machinesByName.get(accountName.toLowerCase()),
  };
}

/** About one user in seven has no device; devices are drawn from one pool, so that many are shared. */
function logons(
  random: Random,
  accountName: string,
  devices: readonly DefenderMachine[],
): DefenderMachine[] {
  if (accountName === 'user1') return devices.slice(0, groups.length);
  if (accountName === 'user2') return [];
  if (accountName === 'svc-backup') return devices.slice(0, serviceAccountDevices);
  const count = random.chance(0.15) ? 0 : 1 + random.below(5);
  const chosen = new Set<DefenderMachine>();
  while (chosen.size < count) {
    const device = devices[random.below(devices.length)];
    if (device) chosen.add(device);
  }
  return [...chosen];
}

const firstNames = [
  'Anna', 'Boris', 'Chidi', 'Dana', 'Elif', 'Farid', 'Grace', 'Hugo', 'Ines', 'Jörg', 'Keiko',
  'Liam', 'Mary Jane', 'Nadia', 'Omar', 'Priya', 'Quentin', 'Rosa', 'Sean', 'Zoë',
] as const; // prettier-ignore
const lastNames = [
  'Almeida', 'Berg', 'Castro', 'Diaz', 'Eriksen', 'Fischer', 'Gupta', 'Haddad', 'Ito', 'Jansen',
  'Kowalski', 'Lopez', 'Müller', 'Nguyen', "O'Brien", 'Petrov', 'Quist', 'Rossi', 'Schmidt', 'Tan',
] as const; // prettier-ignore

function makeUsers(random: Random): EstateUser[] {
  const users = Array.from({ length: numberedUsers }, (_, index) =>
    makeUser(random, `user${index + 1}`, `User ${index + 1}`),
  );
  for (let index = 0; users.length < totalUsers - 1; index += 1) {
    const first = firstNames[index % firstNames.length] ?? '';
    const last = lastNames[Math.floor(index / firstNames.length) % lastNames.length] ?? '';
    const round = Math.floor(index / (firstNames.length * lastNames.length));
    const accountName = `${first.replace(' ', '_')}.${last}${round || ''}`;
    users.push(makeUser(random, accountName, `${first} ${last}`));
  }
  users.push(makeUser(random, 'svc-backup', 'Backup Service'));
  return users;
}

function makeUser(random: Random, accountName: string, displayName: string): EstateUser {
  return Object.freeze({
    accountName,
    displayName,
    userPrincipalName: `${accountName}@contoso.com`,
    objectId: random.guid(),
  });
}
