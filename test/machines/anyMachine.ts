import fc from 'fast-check';
import { machineFrom, type Machine } from '../../src/machines/machine.ts';
import { createVocabulary } from '../../src/machines/vocabulary.ts';
import { createLog } from '../../src/telemetry/log.ts';

const word = createVocabulary(createLog('silent'));

/** The machine of a payload that has an id. */
export function machineOf(payload: {
  readonly id: string;
  readonly [key: string]: unknown;
}): Machine {
  const machine = machineFrom(payload, word);
  if (!machine) throw new Error('A payload without an id');
  return machine;
}

const few = <T>(...values: T[]) => fc.constantFrom(...values, null);

/** Machines whose values are few, so that they meet in filters and ties; every property can be null. */
export const anyMachine: fc.Arbitrary<Machine> = fc
  .record({
    id: fc.uuid(),
    computerDnsName: few('lab-08', 'LAB-08.contoso.com', 'ws-1', 'Ws-1', 'ärger', ''),
    lastSeen: few(
      '2025-02-03T04:05:06.1234567Z',
      '2025-02-03T04:05:06.1234568Z',
      '2025-02-03T04:05:06.123456Z',
      '2025-02-03T06:05:06.1234567+02:00',
      '2024-12-31T23:59:59Z',
      '0001-01-01T00:00:00Z',
    ),
    healthStatus: few('Active', 'Inactive', 'Resting'),
    riskScore: few('None', 'Informational', 'Low', 'Medium', 'High', 'Extreme'),
    exposureLevel: few('None', 'Low', 'Medium', 'High', 'Extreme'),
    onboardingStatus: few('Onboarded', 'Unsupported'),
    osPlatform: few('Windows10', 'windows10', 'Ubuntu'),
    rbacGroupName: few('Lab', 'LAB', 'Berlin'),
    machineTags: fc.oneof(
      fc.constant(null),
      fc.subarray(['vip', 'VIP', 'Büro West', 'BÜRO WEST', 'pci']),
    ),
    osBuild: few<unknown>(26_100, 2 ** 40, '26100'),
    isAadJoined: few(true, false),
    ipAddresses: few<unknown>(
      [],
      [{ ipAddress: '10.0.0.1', macAddress: 'A0B1C2D3E4F5', type: 'Ethernet' }, null, {}],
    ),
    vmMetadata: few<unknown>({ vmId: 'vm-1', cloudProvider: 'Azure' }, {}),
  })
  .map(machineOf);
