import { isDateTime } from './instant.ts';
import {
  DEFENDER_AV_STATUS,
  DEVICE_VALUE,
  EXPOSURE_LEVEL,
  HEALTH_STATUS,
  MANAGED_BY,
  ONBOARDING_STATUS,
  RISK_SCORE,
  type ReadWord,
} from './vocabulary.ts';

/** A device as the Defender API knows it: mapped once, frozen, and shared by everybody who may see it. */
export interface Machine {
  /** Opaque, usually 40 hex digits: the only safe key. */
  readonly id: string;
  readonly mergedIntoMachineId: string | null;
  readonly isPotentialDuplication: boolean | null;
  readonly isExcluded: boolean | null;
  readonly exclusionReason: string | null;
  readonly computerDnsName: string | null;
  /** RFC 3339 with the API's own six or seven fraction digits, which a Date would lose. */
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
  readonly healthStatus: (typeof HEALTH_STATUS)[number] | null;
  readonly deviceValue: (typeof DEVICE_VALUE)[number] | null;
  readonly rbacGroupId: string | null;
  readonly rbacGroupName: string | null;
  readonly riskScore: (typeof RISK_SCORE)[number] | null;
  readonly exposureLevel: (typeof EXPOSURE_LEVEL)[number] | null;
  readonly isAadJoined: boolean | null;
  readonly aadDeviceId: string | null;
  readonly machineTags: readonly string[] | null;
  readonly onboardingStatus: (typeof ONBOARDING_STATUS)[number] | null;
  readonly osArchitecture: string | null;
  readonly managedBy: (typeof MANAGED_BY)[number] | null;
  readonly managedByStatus: string | null;
  readonly defenderAvStatus: (typeof DEFENDER_AV_STATUS)[number] | null;
  readonly ipAddresses: readonly MachineIpAddress[] | null;
  readonly vmMetadata: MachineVmMetadata | null;
}

interface MachineIpAddress {
  readonly ipAddress: string | null;
  readonly macAddress: string | null;
  readonly type: string | null;
  readonly operationalStatus: string | null;
}

interface MachineVmMetadata {
  readonly vmId: string | null;
  readonly cloudProvider: string | null;
  readonly resourceId: string | null;
  readonly subscriptionId: string | null;
}

/** Undefined where `value` is no object with an id. Any other property that is not what it should be reads as null. */
export function machineFrom(value: unknown, word: ReadWord): Machine | undefined {
  if (!isRecord(value) || typeof value.id !== 'string' || value.id === '') return undefined;
  return Object.freeze({
    id: value.id,
    mergedIntoMachineId: text(value.mergedIntoMachineId),
    isPotentialDuplication: flag(value.isPotentialDuplication),
    isExcluded: flag(value.isExcluded),
    exclusionReason: text(value.exclusionReason),
    computerDnsName: text(value.computerDnsName),
    firstSeen: dateTime(value.firstSeen),
    lastSeen: dateTime(value.lastSeen),
    osPlatform: text(value.osPlatform),
    osVersion: text(value.osVersion),
    osProcessor: text(value.osProcessor),
    version: text(value.version),
    lastIpAddress: text(value.lastIpAddress),
    lastExternalIpAddress: text(value.lastExternalIpAddress),
    agentVersion: text(value.agentVersion),
    osBuild: int32(value.osBuild),
    healthStatus: word('healthStatus', HEALTH_STATUS, value.healthStatus),
    deviceValue: word('deviceValue', DEVICE_VALUE, value.deviceValue),
    // Documented as a string, arrives as a number.
    rbacGroupId: Number.isSafeInteger(value.rbacGroupId)
      ? String(value.rbacGroupId)
      : text(value.rbacGroupId),
    rbacGroupName: text(value.rbacGroupName),
    riskScore: word('riskScore', RISK_SCORE, value.riskScore),
    exposureLevel: word('exposureLevel', EXPOSURE_LEVEL, value.exposureLevel),
    isAadJoined: flag(value.isAadJoined),
    aadDeviceId: text(value.aadDeviceId),
    machineTags: list(value.machineTags, text),
    // Payloads and documentation spell the key differently.
    onboardingStatus: word(
      'onboardingStatus',
      ONBOARDING_STATUS,
      value.onboardingStatus ?? value.onboardingstatus,
    ),
    osArchitecture: text(value.osArchitecture),
    managedBy: word('managedBy', MANAGED_BY, value.managedBy),
    managedByStatus: text(value.managedByStatus),
    defenderAvStatus: word('defenderAvStatus', DEFENDER_AV_STATUS, value.defenderAvStatus),
    ipAddresses: list(value.ipAddresses, ipAddress),
    vmMetadata: vmMetadata(value.vmMetadata),
  });
}

function ipAddress(value: unknown): MachineIpAddress | null {
  if (!isRecord(value)) return null;
  return Object.freeze({
    ipAddress: text(value.ipAddress),
    macAddress: text(value.macAddress),
    type: text(value.type),
    operationalStatus: text(value.operationalStatus),
  });
}

function vmMetadata(value: unknown): MachineVmMetadata | null {
  if (!isRecord(value)) return null;
  return Object.freeze({
    vmId: text(value.vmId),
    cloudProvider: text(value.cloudProvider),
    resourceId: text(value.resourceId),
    subscriptionId: text(value.subscriptionId),
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** GraphQL's Int has 32 bits; a number beyond it would be an error in the answer. */
function int32(value: unknown): number | null {
  return typeof value === 'number' && (value | 0) === value ? value : null;
}

/** Year 1 and the empty text both stand for "never". */
function dateTime(value: unknown): string | null {
  if (typeof value !== 'string' || value.startsWith('0001-')) return null;
  return isDateTime(value) ? value : null;
}

function list<T>(value: unknown, read: (item: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value)) return null;
  // A copy: what `filter` makes has room for 17 items, for as long as the device is remembered.
  return Object.freeze(
    value
      .map(read)
      .filter((item) => item !== null)
      .slice(),
  );
}
