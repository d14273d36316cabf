import type { Device, LoadedPerson } from './lookups.ts';

const RISKS = ['NONE', 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH'];
const EXPOSURES = ['NONE', 'LOW', 'MEDIUM', 'HIGH'];

/** -1 where it isn't known. */
export function riskRank({ riskScore }: Device): number {
  return RISKS.indexOf(riskScore ?? '');
}

function exposureRank({ exposureLevel }: Device): number {
  return EXPOSURES.indexOf(exposureLevel ?? '');
}

export function isTroubled({ healthStatus }: Device): boolean {
  return healthStatus !== 'ACTIVE';
}

/** What matters first: risk, then exposure, then a sensor in trouble, then what was seen last. */
export function byWhatMatters(one: Device, other: Device): number {
  return (
    riskRank(other) - riskRank(one) ||
    exposureRank(other) - exposureRank(one) ||
    Number(isTroubled(other)) - Number(isTroubled(one)) ||
    (other.lastSeen ?? '').localeCompare(one.lastSeen ?? '')
  );
}

/** The device of a person that matters most; people whose devices aren't known come last, in their own order. */
export function byWorstDevice(
  one: readonly Device[] | undefined,
  other: readonly Device[] | undefined,
): number {
  const [worst] = one ?? [];
  const [otherWorst] = other ?? [];
  if (!worst || !otherWorst) return Number(!worst) - Number(!otherWorst);
  return riskRank(otherWorst) - riskRank(worst) || exposureRank(otherWorst) - exposureRank(worst);
}

export function devicesInOrder({ devices: { machines } }: LoadedPerson): readonly Device[] {
  return (machines ?? []).toSorted(byWhatMatters);
}
