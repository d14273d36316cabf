import type { DeviceFragment } from '../graph/generated/graphql.ts';

type Words<Field extends keyof DeviceFragment> = Readonly<
  Record<NonNullable<DeviceFragment[Field]> & string, string>
>;

export const HEALTH: Words<'healthStatus'> = {
  ACTIVE: 'Reporting',
  INACTIVE: 'Silent for a week',
  IMPAIRED_COMMUNICATION: 'Impaired',
  NO_SENSOR_DATA: 'No sensor data',
  NO_SENSOR_DATA_IMPAIRED_COMMUNICATION: 'No sensor data, impaired',
  UNKNOWN: 'Unknown',
};

export const RISK: Words<'riskScore'> = {
  HIGH: 'High',
  MEDIUM: 'Medium',
  LOW: 'Low',
  INFORMATIONAL: 'Info',
  NONE: 'None',
  UNKNOWN: 'Unknown',
};

export const EXPOSURE: Words<'exposureLevel'> = {
  HIGH: 'High',
  MEDIUM: 'Medium',
  LOW: 'Low',
  NONE: 'None',
  UNKNOWN: 'Unknown',
};

export const ANTIVIRUS: Words<'defenderAvStatus'> = {
  UPDATED: 'Up to date',
  NOT_UPDATED: 'Out of date',
  DISABLED: 'Turned off',
  NOT_REPORTING: 'Does not report',
  NOT_SUPPORTED: 'Not supported',
  UNKNOWN: 'Unknown',
};

export const ONBOARDING: Words<'onboardingStatus'> = {
  ONBOARDED: 'Onboarded',
  CAN_BE_ONBOARDED: 'Can be onboarded',
  UNSUPPORTED: 'Unsupported',
  INSUFFICIENT_INFO: 'Too little known',
  UNKNOWN: 'Unknown',
};

export const VALUE: Words<'deviceValue'> = {
  HIGH: 'High',
  NORMAL: 'Normal',
  LOW: 'Low',
  UNKNOWN: 'Unknown',
};

export const MANAGED_BY: Words<'managedBy'> = {
  INTUNE: 'Intune',
  MICROSOFT_DEFENDER_FOR_ENDPOINT: 'Defender for Endpoint',
  MDE: 'Defender for Endpoint',
  CONFIG_MGR: 'Configuration Manager',
  UNKNOWN: 'Unknown',
};

export function nameOf({ computerDnsName }: Pick<DeviceFragment, 'computerDnsName'>): string {
  return computerDnsName || 'Unnamed device';
}

/** `Windows11`, `24H2` → `Windows 11 24H2`. */
export function systemOf({ osPlatform, version }: Pick<DeviceFragment, 'osPlatform' | 'version'>) {
  const platform = osPlatform?.replace(/^([A-Za-z]*?)(Server)?(\d+)$/, (_, name, server, number) =>
    [name, server, number].filter(Boolean).join(' '),
  );
  return [platform === 'RedHatEnterpriseLinux' ? 'Red Hat Linux' : platform, version]
    .filter(Boolean)
    .join(' ');
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
