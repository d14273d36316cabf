import { instantOf } from './instant.ts';
import type { Machine } from './machine.ts';
import { EXPOSURE_LEVEL, RISK_SCORE } from './vocabulary.ts';

export interface MachineOrder {
  readonly field: 'LAST_SEEN' | 'RISK_SCORE' | 'EXPOSURE_LEVEL' | 'COMPUTER_DNS_NAME';
  readonly direction: 'ASC' | 'DESC';
}

type Rank = bigint | string | number | undefined;

const rankOf: Record<MachineOrder['field'], (machine: Machine) => Rank> = {
  LAST_SEEN: ({ lastSeen }) => (lastSeen === null ? undefined : instantOf(lastSeen)),
  RISK_SCORE: ({ riskScore }) => level(RISK_SCORE, riskScore),
  EXPOSURE_LEVEL: ({ exposureLevel }) => level(EXPOSURE_LEVEL, exposureLevel),
  COMPUTER_DNS_NAME: ({ computerDnsName }) => computerDnsName?.toLowerCase() || undefined,
};

/** Machines without a value come last in either direction; equal ones keep the API's order. */
export function ordered(
  machines: readonly Machine[],
  order: MachineOrder | null | undefined,
): readonly Machine[] {
  if (!order) return machines;
  const rank = rankOf[order.field];
  const sign = order.direction === 'ASC' ? 1 : -1;
  return machines
    .map((machine) => ({ machine, rank: rank(machine) }))
    .toSorted((a, b) => {
      if (a.rank === b.rank) return 0;
      if (a.rank === undefined) return 1;
      if (b.rank === undefined) return -1;
      return a.rank < b.rank ? -sign : sign;
    })
    .map(({ machine }) => machine);
}

/** UNKNOWN is the absence of a level, not the highest. */
function level(levels: readonly string[], value: string | null): Rank {
  return value === null || value === 'UNKNOWN' ? undefined : levels.indexOf(value);
}
