import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeEstate } from '../../emulator/estate.ts';
import type { Machine } from '../../src/machines/machine.ts';
import { bytesOf } from '../../src/machines/weight.ts';
import { anyMachine, machineOf } from './anyMachine.ts';

const weightOf = (machines: readonly Machine[] | null) =>
  bytesOf({ machines, readAt: 0, freshUntil: 0, complete: true, source: 'LIVE' });
const nothing = weightOf([]);

describe('the weight of a sighting', () => {
  test('is a whole number above zero also where there are no machines', () => {
    expect(weightOf(null)).toBeGreaterThan(100);
    expect(Number.isInteger(nothing)).toBe(true);
  });

  test('is that of its machines, and grows with each', () => {
    fc.assert(
      fc.property(fc.array(anyMachine), anyMachine, (machines, one) => {
        const more = weightOf([...machines, one]) - weightOf(machines);
        expect(more).toBe(weightOf([one]) - nothing);
        expect(more).toBeGreaterThan(300);
      }),
    );
  });

  // Measured with --expose-gc on Node 20: a real-shaped machine takes about 980 bytes of heap.
  test('of real-shaped devices lies at and not far above what they take in memory', () => {
    const machines = makeEstate(1).devices.map((device) => machineOf({ ...device }));
    const each = (weightOf(machines) - nothing) / machines.length;
    expect(each).toBeGreaterThan(980);
    expect(each).toBeLessThan(980 * 1.5);
  });

  test('counts two bytes for each letter of a text that holds one beyond Latin-1', () => {
    const named = (computerDnsName: string) => weightOf([machineOf({ id: 'a', computerDnsName })]);
    expect(named('x'.repeat(1_001)) - named('x')).toBe(1_000);
    expect(named('ü'.repeat(1_001)) - named('ü')).toBe(1_000);
    expect(named('機'.repeat(1_001)) - named('機')).toBe(2_000);
  });
});
