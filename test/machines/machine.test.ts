import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Kind, parse } from 'graphql';
import { makeEstate } from '../../emulator/estate.ts';
import { machineFrom, type Machine } from '../../src/machines/machine.ts';
import { createVocabulary } from '../../src/machines/vocabulary.ts';
import { createLog } from '../../src/telemetry/log.ts';

const word = createVocabulary(createLog('silent'));
const read = (value: unknown) => machineFrom(value, word);

/** As the API sends it. */
const payload = {
  id: '9f1c0e7a5b3d48e2a6c1f0d94b7e38a2c5d61f07',
  mergedIntoMachineId: null,
  isPotentialDuplication: false,
  isExcluded: false,
  exclusionReason: null,
  computerDnsName: 'lab-08.contoso.com',
  firstSeen: '2025-01-02T03:04:05.1234567Z',
  lastSeen: '2025-02-03T04:05:06.789012Z',
  osPlatform: 'Windows10',
  osVersion: null,
  osProcessor: 'x64',
  version: '22H2',
  lastIpAddress: '10.0.0.8',
  lastExternalIpAddress: '203.0.113.5',
  agentVersion: '10.8000.19045.1',
  osBuild: 19_045,
  healthStatus: 'Active',
  deviceValue: 'Normal',
  rbacGroupId: 0,
  rbacGroupName: null,
  riskScore: 'None',
  exposureLevel: 'Low',
  isAadJoined: true,
  aadDeviceId: '6f9619ff-8b86-d011-b42d-00c04fc964ff',
  machineTags: [],
  onboardingStatus: 'Onboarded',
  osArchitecture: '64-bit',
  managedBy: 'Intune',
  managedByStatus: 'Unknown',
  defenderAvStatus: 'Updated',
  ipAddresses: [
    {
      ipAddress: '10.0.0.8',
      macAddress: '00005E0053FF',
      type: 'Ethernet',
      operationalStatus: 'Up',
    },
  ],
  vmMetadata: null,
};
const properties = Object.keys(payload);

/** A value with everything in it frozen. */
function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

describe('a machine', () => {
  test('has every property of the API, with its enums in the spelling of GraphQL', () => {
    expect(read(payload)).toEqual({
      ...payload,
      healthStatus: 'ACTIVE',
      deviceValue: 'NORMAL',
      rbacGroupId: '0',
      riskScore: 'NONE',
      exposureLevel: 'LOW',
      onboardingStatus: 'ONBOARDED',
      managedBy: 'INTUNE',
      defenderAvStatus: 'UPDATED',
    });
  });

  test('has the very fields that the schema has', () => {
    const { definitions } = parse(readFileSync('schema/machines.graphql', 'utf8'));
    const type = definitions.find(
      (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Machine',
    );
    const fields = type && 'fields' in type ? type.fields?.map(({ name }) => name.value) : [];
    expect(fields?.toSorted()).toEqual(properties.toSorted());
  });

  test('loses no property of any device of the emulator but dates that say "never"', () => {
    const lost = makeEstate(7).devices.flatMap((device) => {
      const machine = read(device) as unknown as Record<string, unknown>;
      return Object.entries(device)
        .filter(([key, value]) => {
          const field = key === 'onboardingstatus' ? 'onboardingStatus' : key;
          const isNever = key === 'lastSeen' && (value === '' || value === '0001-01-01T00:00:00Z');
          return (machine[field] === null) !== (value === null || isNever);
        })
        .map(([key, value]) => ({ key, value }));
    });
    expect(lost).toEqual([]);
  });

  test('reads onboardingstatus as documented and onboardingStatus as sent', () => {
    const { onboardingStatus: _, ...rest } = payload;
    expect(read({ ...rest, onboardingstatus: 'onboarded' })?.onboardingStatus).toBe('ONBOARDED');
    expect(read({ ...rest, onboardingStatus: 'CanBeOnboarded' })?.onboardingStatus).toBe(
      'CAN_BE_ONBOARDED',
    );
    expect(
      read({ ...rest, onboardingStatus: null, onboardingstatus: 'Unsupported' })?.onboardingStatus,
    ).toBe('UNSUPPORTED');
    expect(read(rest)?.onboardingStatus).toBeNull();
  });

  test('keeps every digit of its dates, and reads what stands for "never" as null', () => {
    const dates = (text: unknown) => {
      const machine = read({ id: 'a', firstSeen: text, lastSeen: text });
      return [machine?.firstSeen, machine?.lastSeen];
    };
    for (const kept of ['2025-02-03T04:05:06.7890123Z', '2025-02-03T04:05:06Z'])
      expect(dates(kept)).toEqual([kept, kept]);
    for (const never of [
      '',
      '0001-01-01T00:00:00Z',
      '0001-01-01T00:00:00',
      'soon',
      '7',
      null,
      7,
      undefined,
    ])
      expect(dates(never)).toEqual([null, null]);
  });

  test('has a group id as text, whether it came as text or as a number', () => {
    const groupId = (rbacGroupId: unknown) => read({ id: 'a', rbacGroupId })?.rbacGroupId;
    expect([groupId(12), groupId('12'), groupId(0), groupId(null)]).toEqual([
      '12',
      '12',
      '0',
      null,
    ]);
    expect(groupId(JSON.parse('1e999'))).toBeNull();
  });

  test('has only builds that an Int can hold', () => {
    const build = (osBuild: unknown) => read({ id: 'a', osBuild })?.osBuild;
    expect(build(26_100)).toBe(26_100);
    for (const value of [2_147_483_648, 1.5, '19045', null, true]) expect(build(value)).toBeNull();
  });

  test('drops what has no place in a list and keeps the rest', () => {
    const machine = read({
      id: 'a',
      machineTags: ['vip', null, 7, 'lab'],
      ipAddresses: [null, 'text', { ipAddress: '', macAddress: null, extra: 1 }],
    });
    expect(machine?.machineTags).toEqual(['vip', 'lab']);
    expect(machine?.ipAddresses).toEqual([
      { ipAddress: '', macAddress: null, type: null, operationalStatus: null },
    ]);
  });

  test('keeps the metadata of its virtual machine', () => {
    const vmMetadata = { vmId: 'v', cloudProvider: 'Azure', resourceId: 'r', subscriptionId: 's' };
    expect(read({ id: 'a', vmMetadata: { ...vmMetadata, other: 1 } })?.vmMetadata).toEqual(
      vmMetadata,
    );
  });

  test.each([
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { id: null },
    { id: 7 },
    { id: '' },
    [{ id: 'a' }],
  ])('is none without an id: %p', (value) => {
    expect(read(value)).toBeUndefined();
  });
});

/** Any JSON under the API's own keys, with unknown keys beside them. */
const anything = fc.record(
  {
    id: fc.string({ minLength: 1 }),
    ...Object.fromEntries(
      [...properties.slice(1), 'onboardingstatus', 'unheardOf'].map((key) => [key, fc.jsonValue()]),
    ),
  },
  { requiredKeys: ['id'] },
);

const nullable: Record<string, (value: unknown) => boolean> = {
  osBuild: (value) => Number.isInteger(value),
  isPotentialDuplication: (value) => typeof value === 'boolean',
  isExcluded: (value) => typeof value === 'boolean',
  isAadJoined: (value) => typeof value === 'boolean',
  machineTags: Array.isArray,
  ipAddresses: Array.isArray,
  vmMetadata: (value) => typeof value === 'object',
};

function hasTheRightTypes(machine: Machine): boolean {
  return Object.entries(machine).every(
    ([key, value]) =>
      value === null || (nullable[key] ?? ((text) => typeof text === 'string'))(value),
  );
}

describe('whatever Defender sends', () => {
  test('under its own keys, the machine has all of those keys, no other, the right types, and is frozen', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const machine = read(value);
        expect(Object.keys(machine ?? {}).toSorted()).toEqual(properties.toSorted());
        expect(machine && hasTheRightTypes(machine)).toBe(true);
        expect(isDeeplyFrozen(machine)).toBe(true);
      }),
    );
  });

  test('reading it never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const machine = read(value);
        expect(isDeeplyFrozen(machine)).toBe(true);
      }),
    );
  });
});
