import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filtered, type MachineFilter } from '../../src/machines/filter.ts';
import { instantOf } from '../../src/machines/instant.ts';
import type { Machine } from '../../src/machines/machine.ts';
import { anyMachine, machineOf } from './anyMachine.ts';

const some = <T>(...values: T[]) => fc.oneof(fc.subarray(values), fc.constant(null));

const anyFilter: fc.Arbitrary<MachineFilter> = fc.record(
  {
    healthStatus: some<'ACTIVE' | 'UNKNOWN'>('ACTIVE', 'UNKNOWN'),
    riskScore: some<'HIGH' | 'NONE' | 'UNKNOWN'>('HIGH', 'NONE', 'UNKNOWN'),
    exposureLevel: some<'LOW' | 'MEDIUM'>('LOW', 'MEDIUM'),
    onboardingStatus: some<'ONBOARDED'>('ONBOARDED'),
    osPlatform: some('WINDOWS10', 'ubuntu', 'none of these'),
    rbacGroupName: some('lab', 'Berlin'),
    machineTag: fc.constantFrom('vip', 'büro west', 'Büro', null),
    computerDnsNameContains: fc.constantFrom('', '-0', 'CONTOSO', 'ÄRG', null),
    lastSeenAfter: fc.constantFrom(
      '2025-02-03T04:05:06.1234567Z',
      '2025-02-03T05:05:06.1234566+01:00',
      null,
    ),
    lastSeenBefore: fc.constantFrom('2025-02-03T04:05:06.1234568Z', '2025-01-01T00:00:00Z', null),
  },
  { requiredKeys: [] },
);

/** The rule as the schema words it, property by property. */
function matches(machine: Machine, filter: MachineFilter): boolean {
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  const listed = (
    [
      'healthStatus',
      'riskScore',
      'exposureLevel',
      'onboardingStatus',
      'osPlatform',
      'rbacGroupName',
    ] as const
  ).every((property) => {
    const value = machine[property];
    const wanted: readonly string[] | null | undefined = filter[property];
    return !wanted || (value !== null && wanted.some((one) => same(one, value)));
  });
  const { machineTag, computerDnsNameContains: part, lastSeenAfter, lastSeenBefore } = filter;
  const seen = machine.lastSeen === null ? undefined : instantOf(machine.lastSeen);
  return (
    listed &&
    (machineTag == null || (machine.machineTags ?? []).some((own) => same(own, machineTag))) &&
    (part == null || (machine.computerDnsName ?? '').toLowerCase().includes(part.toLowerCase())) &&
    (lastSeenAfter == null || (seen !== undefined && seen > (instantOf(lastSeenAfter) ?? 0n))) &&
    (lastSeenBefore == null || (seen !== undefined && seen < (instantOf(lastSeenBefore) ?? 0n)))
  );
}

describe('a filter', () => {
  test('keeps the machines for which each of its properties holds, in their order', () => {
    fc.assert(
      fc.property(fc.array(anyMachine), anyFilter, (machines, filter) => {
        expect(filtered(machines, filter)).toEqual(
          machines.filter((machine) => matches(machine, filter)),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('that is absent, null or without properties keeps every machine', () => {
    const machines = [machineOf({ id: 'a' }), machineOf({ id: 'b' })];
    for (const filter of [undefined, null, {}, { riskScore: null, machineTag: null }])
      expect(filtered(machines, filter)).toEqual(machines);
  });

  test('with an empty list keeps none', () => {
    expect(filtered([machineOf({ id: 'a', riskScore: 'Low' })], { riskScore: [] })).toEqual([]);
  });

  test('for a value passes over machines that have none', () => {
    const machines = [machineOf({ id: 'a', riskScore: null }), machineOf({ id: 'b' })];
    expect(filtered(machines, { riskScore: ['NONE', 'UNKNOWN'] })).toEqual([]);
  });

  test('takes a whole tag and a part of a name, each in any letter case', () => {
    const machine = machineOf({
      id: 'a',
      machineTags: ['Pilot-Ring'],
      computerDnsName: 'LAB-08.Contoso.com',
    });
    const keeps = (filter: MachineFilter) => filtered([machine], filter).length === 1;
    expect(keeps({ machineTag: 'pilot-ring' })).toBe(true);
    expect(keeps({ machineTag: 'pilot' })).toBe(false);
    expect(keeps({ computerDnsNameContains: 'lab-08.CONTOSO' })).toBe(true);
    expect(keeps({ computerDnsNameContains: 'lab*' })).toBe(false);
  });

  test('by time is exclusive, to the seventh digit', () => {
    const lastSeen = '2025-02-03T04:05:06.1234567Z';
    const machine = machineOf({ id: 'a', lastSeen });
    const keeps = (filter: MachineFilter) => filtered([machine], filter).length === 1;
    expect(keeps({ lastSeenAfter: lastSeen })).toBe(false);
    expect(keeps({ lastSeenBefore: lastSeen })).toBe(false);
    expect(keeps({ lastSeenAfter: '2025-02-03T04:05:06.1234566Z' })).toBe(true);
    expect(keeps({ lastSeenBefore: '2025-02-03T06:05:06.1234568+02:00' })).toBe(true);
  });
});
