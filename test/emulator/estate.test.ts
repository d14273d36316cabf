import { describe, expect, test } from '@jest/globals';
import { makeEstate } from '../../emulator/estate.ts';

const estate = makeEstate(1);

describe('the estate', () => {
  test('is the same for the same seed and another for another', () => {
    expect(JSON.stringify(makeEstate(1))).toBe(JSON.stringify(estate));
    expect(makeEstate(2).devices[0]?.id).not.toBe(estate.devices[0]?.id);
    const machines = makeEstate(1).machinesOf('user9');
    expect(machines).toEqual(estate.machinesOf('user9'));
  });

  test('has 2,000 users of distinct names, 3,000 devices of distinct ids, and 8 groups', () => {
    expect(new Set(estate.users.map(({ accountName }) => accountName.toLowerCase())).size).toBe(
      2_000,
    );
    expect(new Set(estate.devices.map(({ id }) => id)).size).toBe(3_000);
    expect(estate.groups.filter(({ id }) => id !== 0)).toHaveLength(8);
    expect(new Set(estate.devices.map(({ rbacGroupId }) => rbacGroupId)).size).toBe(9);
  });

  test('has shared devices, users without any, and a service account with 1,200', () => {
    const logons = estate.users.map(({ accountName }) => estate.machinesOf(accountName) ?? []);
    const owners = new Map<string, number>();
    for (const { id } of logons.flat()) owners.set(id, (owners.get(id) ?? 0) + 1);
    expect([...owners.values()].filter((count) => count > 1).length).toBeGreaterThan(100);
    expect(logons.filter((machines) => machines.length === 0).length).toBeGreaterThan(100);
    expect(estate.machinesOf('SVC-Backup')).toHaveLength(1_200);
    expect(estate.machinesOf('user1')).toHaveLength(9);
    expect(estate.machinesOf('user2')).toEqual([]);
    expect(estate.machinesOf('user1@contoso.com')).toBeUndefined();
  });

  test('has the keys of real payloads, in both casings, and their oddities', () => {
    const { devices } = estate;
    for (const device of devices) expect(Object.keys(device)).toHaveLength(32);
    const some = (odd: (device: (typeof devices)[number]) => boolean) => devices.some(odd);
    expect(some(({ onboardingstatus }) => onboardingstatus === 'onboarded')).toBe(true);
    expect(some(({ onboardingStatus }) => onboardingStatus === 'Onboarded')).toBe(true);
    expect(some(({ computerDnsName }) => computerDnsName === '')).toBe(true);
    expect(some(({ lastSeen }) => lastSeen === '')).toBe(true);
    expect(some(({ lastSeen }) => lastSeen?.startsWith('0001-') ?? false)).toBe(true);
    expect(some(({ lastSeen }) => /\.\d{6}Z$/.test(lastSeen ?? ''))).toBe(true);
    expect(some(({ lastSeen }) => /\.\d{7}Z$/.test(lastSeen ?? ''))).toBe(true);
    expect(some(({ healthStatus }) => healthStatus === 'Quarantined')).toBe(true);
    expect(
      some(({ ipAddresses }) => ipAddresses?.some(({ ipAddress }) => ipAddress === '') ?? false),
    ).toBe(true);
    expect(
      some(({ rbacGroupId, rbacGroupName }) => rbacGroupId === 0 && rbacGroupName === null),
    ).toBe(true);
    expect(some(({ vmMetadata }) => vmMetadata !== null)).toBe(true);
  });
});
