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

/** By the device of each that matters most. Then come people whose devices aren't known yet, then those without any. */
export function byWorstDevice(
  one: readonly Device[] | undefined,
  other: readonly Device[] | undefined,
): number {
  const [worst] = one ?? [];
  const [otherWorst] = other ?? [];
  if (!worst || !otherWorst) return placeOf(one) - placeOf(other);
  return riskRank(otherWorst) - riskRank(worst) || exposureRank(otherWorst) - exposureRank(worst);
}

function placeOf(devices: readonly Device[] | undefined): number {
  if (!devices) return 1;
  return devices.length > 0 ? 0 : 2;
}

export function devicesInOrder({ devices: { machines } }: LoadedPerson): readonly Device[] {
  return (machines ?? []).toSorted(byWhatMatters);
}
