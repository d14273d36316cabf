import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instantOf } from '../../src/machines/instant.ts';
import type { Machine } from '../../src/machines/machine.ts';
import { ordered, type MachineOrder } from '../../src/machines/order.ts';
import { anyMachine, machineOf } from './anyMachine.ts';

const FIELDS = ['LAST_SEEN', 'RISK_SCORE', 'EXPOSURE_LEVEL', 'COMPUTER_DNS_NAME'] as const;
const anyOrder: fc.Arbitrary<MachineOrder> = fc.record({
  field: fc.constantFrom(...FIELDS),
  direction: fc.constantFrom('ASC', 'DESC'),
});
const LEVELS = ['NONE', 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH'];

function level(value: string | null): number | undefined {
  return value === null || !LEVELS.includes(value) ? undefined : LEVELS.indexOf(value);
}

/** A number that grows with the field; undefined where there is nothing to compare. */
const place: Record<MachineOrder['field'], (machine: Machine) => number | undefined> = {
  LAST_SEEN: ({ lastSeen }) =>
    lastSeen === null ? undefined : Number((instantOf(lastSeen) ?? 0n) - EPOCH),
  RISK_SCORE: ({ riskScore }) => level(riskScore),
  EXPOSURE_LEVEL: ({ exposureLevel }) => level(exposureLevel),
  COMPUTER_DNS_NAME: ({ computerDnsName: name }) =>
    name ? NAMES.indexOf(name.toLowerCase()) : undefined,
};
// Near enough for a number to hold the difference in units of 100 nanoseconds.
const EPOCH = instantOf('2025-01-01T00:00:00Z') ?? 0n;
const NAMES = ['lab-08', 'lab-08.contoso.com', 'ws-1', 'ärger'];

describe('an order', () => {
  test('sorts by its field, what has no value last in either direction, and equal ones as they came', () => {
    fc.assert(
      fc.property(fc.array(anyMachine), anyOrder, (machines, order) => {
        const result = ordered(machines, order);
        expect(new Set(result)).toEqual(new Set(machines));
        expect(result).toHaveLength(machines.length);
        for (const [index, later] of result.entries()) {
          const earlier = result[index - 1];
          if (!earlier) continue;
          const [a, b] = [place[order.field](earlier), place[order.field](later)];
          if (a === b) expect(machines.indexOf(earlier)).toBeLessThan(machines.indexOf(later));
          else if (a === undefined) throw new Error('A machine without a value is not last');
          else if (b !== undefined) expect(order.direction === 'ASC' ? a < b : a > b).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('goes by instants, not by text', () => {
    const machines = [
      machineOf({ id: 'late', lastSeen: '2025-01-01T12:00:00.0000001Z' }),
      machineOf({ id: 'early', lastSeen: '2025-01-01T13:00:00.000000+01:00' }),
      machineOf({ id: 'never', lastSeen: '' }),
    ];
    const ids = (direction: 'ASC' | 'DESC') =>
      ordered(machines, { field: 'LAST_SEEN', direction }).map(({ id }) => id);
    expect(ids('ASC')).toEqual(['early', 'late', 'never']);
    expect(ids('DESC')).toEqual(['late', 'early', 'never']);
  });

  test('of levels goes by severity, not by alphabet, and an unknown level is none', () => {
    const machines = ['High', null, 'None', 'Medium', 'Extreme', 'Low', 'Informational'].map(
      (riskScore, index) => machineOf({ id: `m${index}`, riskScore }),
    );
    const scores = (direction: 'ASC' | 'DESC') =>
      ordered(machines, { field: 'RISK_SCORE', direction }).map(({ riskScore }) => riskScore);
    const levels = ['NONE', 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH'];
    expect(scores('ASC')).toEqual([...levels, null, 'UNKNOWN']);
    expect(scores('DESC')).toEqual([...levels.toReversed(), null, 'UNKNOWN']);
  });

  test('leaves the list that it sorts as it is', () => {
    const machines = Object.freeze([
      machineOf({ id: 'b', computerDnsName: 'b' }),
      machineOf({ id: 'a', computerDnsName: 'A' }),
    ]);
    const result = ordered(machines, { field: 'COMPUTER_DNS_NAME', direction: 'ASC' });
    expect(result.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(machines.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(ordered(machines, null)).toEqual(machines);
    expect(ordered(machines, undefined)).toEqual(machines);
  });
});
