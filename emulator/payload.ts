import type { Random } from './random.ts';

/** A device as the Defender API sends it: everything but `id` can be null, and one key comes in two casings. */
export interface DefenderMachine {
  readonly id: string;
  readonly mergedIntoMachineId: string | null;
  readonly isPotentialDuplication: boolean;
  readonly isExcluded: boolean;
  readonly exclusionReason: string | null;
  readonly computerDnsName: string | null;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly osPlatform: string | null;
  readonly osVersion: string | null;
  readonly osProcessor: string | null;
  readonly version: string | null;
  readonly lastIpAddress: string | null;
  readonly lastExternalIpAddress: string | null;
  readonly agentVersion: string | null;
  readonly osBuild: number | null;
  readonly healthStatus: string | null;
  readonly deviceValue: string | null;
  readonly rbacGroupId: number;
  readonly rbacGroupName: string | null;
  readonly riskScore: string | null;
  readonly exposureLevel: string | null;
  readonly isAadJoined: boolean | null;
  readonly aadDeviceId: string | null;
  readonly machineTags: readonly string[];
  /** The casing seen in payloads. */
  readonly onboardingStatus?: string;
  /** The documented casing, with a lower-case value. */
  readonly onboardingstatus?: string;
  readonly osArchitecture: string | null;
  readonly managedBy: string | null;
  readonly managedByStatus: string | null;
  readonly defenderAvStatus: string | null;
  readonly ipAddresses: readonly DefenderIpAddress[] | null;
  readonly vmMetadata: DefenderVmMetadata | null;
}

export interface DefenderIpAddress {
  readonly ipAddress: string;
  readonly macAddress: string | null;
  readonly type: string;
  readonly operationalStatus: string;
}

export interface DefenderVmMetadata {
  readonly vmId: string;
  readonly cloudProvider: string;
  readonly resourceId: string;
  readonly subscriptionId: string;
}

export interface DeviceGroup {
  /** 0 stands for "no group". */
  readonly id: number;
  readonly name: string | null;
}

type Platform = Pick<DefenderMachine, 'osPlatform' | 'version' | 'osBuild'>;
const platforms: readonly [Platform, ...Platform[]] = [
  { osPlatform: 'Windows11', version: '24H2', osBuild: 26_100 },
  { osPlatform: 'Windows11', version: '23H2', osBuild: 22_631 },
  { osPlatform: 'Windows10', version: '22H2', osBuild: 19_045 },
  { osPlatform: 'WindowsServer2022', version: '21H2', osBuild: 20_348 },
  { osPlatform: 'macOS', version: '14', osBuild: null },
  { osPlatform: 'Ubuntu', version: '22.4', osBuild: null },
  { osPlatform: 'RedHatEnterpriseLinux', version: '9.5', osBuild: null },
];

const sites = ['ber', 'par', 'nyc', 'syd', 'lab'] as const;
const kinds = ['ws', 'LT', 'srv', 'Kiosk', 'vdi'] as const;
const tags = ['finance', 'vip', 'pilot-ring', 'Büro West', 'loaner', 'pci'] as const;
const lastMoment = Date.UTC(2026, 10, 1);
const dayInMilliseconds = 86_400_000;

/** One device in `group`, real-shaped and made up: names, addresses and ids are from the ranges kept for examples. */
export function makeMachine(random: Random, number: number, group: DeviceGroup): DefenderMachine {
  const platform = random.pick(platforms);
  const site = random.pick(sites);
  const shortName = `${site}-${random.pick(kinds)}-${number}`;
  const ipAddress = `10.${random.below(200)}.${random.below(256)}.${1 + random.below(254)}`;
  const firstSeen = lastMoment - random.below(900 * dayInMilliseconds);
  const joined = random.chance(0.7);
  const documentedCasing = random.chance(0.1);
  return {
    id: random.hex(40),
    mergedIntoMachineId: random.chance(0.01) ? random.hex(40) : null,
    isPotentialDuplication: random.chance(0.02),
    isExcluded: false,
    exclusionReason: null,
    computerDnsName: random.chance(0.02)
      ? ''
      : random.chance(0.8)
        ? `${shortName}.contoso.com`
        : shortName,
    firstSeen: timestamp(random, firstSeen),
    lastSeen: random.chance(0.01)
      ? random.pick(['', '0001-01-01T00:00:00Z', null])
      : timestamp(random, firstSeen + random.below(lastMoment - firstSeen + 1)),
    osPlatform: platform.osPlatform,
    osVersion: null,
    osProcessor: random.pick(['x64', 'x64', 'arm64', null]),
    version: platform.version,
    lastIpAddress: random.chance(0.03) ? '' : ipAddress,
    lastExternalIpAddress: `203.0.113.${1 + random.below(254)}`,
    agentVersion: `10.8${random.below(1000).toString().padStart(3, '0')}.${platform.osBuild ?? 0}.1`,
    osBuild: platform.osBuild,
    healthStatus: random.chance(0.005)
      ? 'Quarantined'
      : random.pick([
          'Active',
          'Active',
          'Active',
          'Active',
          'Inactive',
          'ImpairedCommunication',
          'NoSensorData',
          'NoSensorDataImpairedCommunication',
          'Unknown',
        ]),
    deviceValue: random.pick(['Normal', 'Normal', 'Normal', 'Low', 'High', null]),
    rbacGroupId: group.id,
    rbacGroupName: group.name,
    riskScore: random.pick(['None', 'None', 'Informational', 'Low', 'Medium', 'High', null]),
    exposureLevel: random.pick(['None', 'Low', 'Low', 'Medium', 'High', null]),
    isAadJoined: random.chance(0.02) ? null : joined,
    aadDeviceId: joined && random.chance(0.9) ? random.guid() : null,
    machineTags: tags.filter(() => random.chance(0.12)),
    ...(documentedCasing
      ? { onboardingstatus: random.pick(['onboarded', 'canBeOnboarded']) }
      : {
          onboardingStatus: random.pick([
            'Onboarded',
            'Onboarded',
            'Onboarded',
            'CanBeOnboarded',
            'Unsupported',
            'InsufficientInfo',
          ]),
        }),
    osArchitecture: random.pick(['64-bit', '64-bit', '64-bit', '32-bit', null]),
    managedBy: random.pick(['Intune', 'Intune', 'MicrosoftDefenderForEndpoint', 'Unknown', null]),
    managedByStatus: random.pick(['Unknown', 'Success', null]),
    defenderAvStatus: random.pick([
      'Updated',
      'Updated',
      'notUpdated',
      'disabled',
      'Unknown',
      null,
    ]),
    ipAddresses: random.chance(0.02) ? null : addresses(random, ipAddress),
    vmMetadata: random.chance(0.1) ? virtualMachine(random, shortName) : null,
  };
}

function timestamp(random: Random, milliseconds: number): string {
  const digits = random.chance(0.5) ? 7 : 6;
  const tail = random
    .below(10 ** (digits - 3))
    .toString()
    .padStart(digits - 3, '0');
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${tail}Z`;
}

function addresses(random: Random, ipAddress: string): DefenderIpAddress[] {
  const ethernet = {
    ipAddress,
    macAddress: `00005E0053${random.hex(2).toUpperCase()}`,
    type: 'Ethernet',
    operationalStatus: 'Up',
  };
  const others: DefenderIpAddress[] = [
    { ipAddress: '', macAddress: null, type: 'Other', operationalStatus: 'Down' },
    { ipAddress: '127.0.0.1', macAddress: null, type: 'SoftwareLoopback', operationalStatus: 'Up' },
    { ipAddress: 'fe80::5efe:1', macAddress: null, type: 'Tunnel', operationalStatus: 'Dormant' },
  ];
  return [ethernet, ...others.filter(() => random.chance(0.25))];
}

function virtualMachine(random: Random, name: string): DefenderVmMetadata {
  const subscriptionId = random.guid();
  return {
    vmId: random.guid(),
    cloudProvider: 'Azure',
    resourceId: `/subscriptions/${subscriptionId}/resourceGroups/rg-desktops/providers/Microsoft.Compute/virtualMachines/${name}`,
    subscriptionId,
  };
}
