import { instantOf } from './instant.ts';
import type { Machine } from './machine.ts';

type Listed =
  | 'healthStatus'
  | 'riskScore'
  | 'exposureLevel'
  | 'onboardingStatus'
  | 'osPlatform'
  | 'rbacGroupName';

/** Each property that is given must hold; in a list, one of its values must. Text compares without regard to case. */
export type MachineFilter = {
  readonly [P in Listed]?: readonly NonNullable<Machine[P]>[] | null;
} & {
  readonly machineTag?: string | null;
  readonly computerDnsNameContains?: string | null;
  /** RFC 3339, exclusive. */
  readonly lastSeenAfter?: string | null;
  readonly lastSeenBefore?: string | null;
};

const LISTED: readonly Listed[] = [
  'healthStatus',
  'riskScore',
  'exposureLevel',
  'onboardingStatus',
  'osPlatform',
  'rbacGroupName',
];

/** A variable is one list for all users of a request, and can be long. */
const wanted = new WeakMap<readonly string[], ReadonlySet<string>>();

const LONGEST = 256;

type Test = (machine: Machine) => boolean;

export function filtered(
  machines: readonly Machine[],
  filter: MachineFilter | null | undefined,
): readonly Machine[] {
  const tests = filter ? testsOf(filter) : [];
  return tests.length === 0
    ? machines
    : machines.filter((machine) => tests.every((passes) => passes(machine)));
}

function testsOf(filter: MachineFilter): readonly Test[] {
  const tests: Test[] = [];
  for (const property of LISTED) {
    const values = filter[property];
    if (!values) continue;
    const folds = wantedOf(values);
    tests.push(({ [property]: value }) => value !== null && folds.has(folded(value)));
  }
  const { machineTag, computerDnsNameContains, lastSeenAfter, lastSeenBefore } = filter;
  if (isTooLong(machineTag) || isTooLong(computerDnsNameContains)) return [() => false];
  if (typeof machineTag === 'string') {
    const tag = folded(machineTag);
    tests.push((machine) => machine.machineTags?.some((own) => folded(own) === tag) ?? false);
  }
  if (typeof computerDnsNameContains === 'string') {
    const part = folded(computerDnsNameContains);
    tests.push((machine) => folded(machine.computerDnsName ?? '').includes(part));
  }
  if (typeof lastSeenAfter === 'string')
    tests.push(lastSeen((seen, than) => seen > than, lastSeenAfter));
  if (typeof lastSeenBefore === 'string')
    tests.push(lastSeen((seen, than) => seen < than, lastSeenBefore));
  return tests;
}

function lastSeen(holds: (seen: bigint, than: bigint) => boolean, dateTime: string): Test {
  const than = instantOf(dateTime);
  return (machine) => {
    const seen = machine.lastSeen === null ? undefined : instantOf(machine.lastSeen);
    return seen !== undefined && than !== undefined && holds(seen, than);
  };
}

function folded(text: string): string {
  return text.toLowerCase();
}

function wantedOf(values: readonly string[]): ReadonlySet<string> {
  const folds = wanted.get(values) ?? new Set(values.map(folded));
  wanted.set(values, folds);
  return folds;
}

/** No tag and no DNS name is so long, and each user would have the text folded anew. */
function isTooLong(text: string | null | undefined): boolean {
  return (text?.length ?? 0) > LONGEST;
}
