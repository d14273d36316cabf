/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** State of Microsoft Defender Antivirus on a device. */
export type DefenderAvStatus =
  /** Antivirus is turned off. */
  | 'DISABLED'
  /** Antivirus doesn't report. */
  | 'NOT_REPORTING'
  /** Defender can't tell the antivirus state of a device of this kind. */
  | 'NOT_SUPPORTED'
  /** Antivirus runs with outdated engine, platform or security intelligence. */
  | 'NOT_UPDATED'
  /** Defender doesn't know, or gives a value that is not in this list. */
  | 'UNKNOWN'
  /** Antivirus is up to date. */
  | 'UPDATED';

/** How much a device matters to the organization. */
export type DeviceValue =
  /** Matters more than most. */
  | 'HIGH'
  /** Matters less than most. */
  | 'LOW'
  /** Matters as much as most: the value that Defender starts with. */
  | 'NORMAL'
  /** Defender gives a value that is not in this list. */
  | 'UNKNOWN';

/** Exposure of a device through unresolved security recommendations. */
export type ExposureLevel =
  /** High exposure. */
  | 'HIGH'
  /** Low exposure. */
  | 'LOW'
  /** Medium exposure. */
  | 'MEDIUM'
  /** No exposure found. */
  | 'NONE'
  /** Defender gives a value that is not in this list. */
  | 'UNKNOWN';

/** Whence a list of devices comes. */
export type FreshnessSource =
  /** Read from Defender for the same caller a short while ago, and remembered. */
  | 'CACHE'
  /** Read from Defender for this request. */
  | 'LIVE'
  /** Remembered past its time, because Defender can't be asked at the moment. */
  | 'STALE';

/** How well a device's sensor communicates with Defender. */
export type HealthStatus =
  /** The sensor reports. */
  | 'ACTIVE'
  /** The sensor's communication with the service is impaired. */
  | 'IMPAIRED_COMMUNICATION'
  /** The sensor has not reported for more than seven days. */
  | 'INACTIVE'
  /** The device communicates, but its sensor sends no data. */
  | 'NO_SENSOR_DATA'
  /** The sensor sends no data, and its communication is impaired. */
  | 'NO_SENSOR_DATA_IMPAIRED_COMMUNICATION'
  /** Defender doesn't know, or gives a value that is not in this list. */
  | 'UNKNOWN';

/** What manages a device's security settings. */
export type ManagedBy =
  /** Microsoft Configuration Manager. */
  | 'CONFIG_MGR'
  /** Microsoft Intune. */
  | 'INTUNE'
  /** Defender for Endpoint's own security settings management, by the short name that Defender also uses for it. */
  | 'MDE'
  /** Defender for Endpoint's own security settings management. */
  | 'MICROSOFT_DEFENDER_FOR_ENDPOINT'
  /** Defender doesn't know, or gives a value that is not in this list. */
  | 'UNKNOWN';

/** Whether a device is onboarded to Defender for Endpoint. */
export type OnboardingStatus =
  /** Found by device discovery, and its operating system is supported: it can be onboarded. */
  | 'CAN_BE_ONBOARDED'
  /** Found by device discovery, but too little is known to say whether it is supported. */
  | 'INSUFFICIENT_INFO'
  /** The device reports to Defender for Endpoint. */
  | 'ONBOARDED'
  /** Defender gives a value that is not in this list. */
  | 'UNKNOWN'
  /** Found by device discovery, but Defender for Endpoint doesn't support it. */
  | 'UNSUPPORTED';

/** Risk from active alerts on a device. */
export type RiskScore =
  /** High risk. */
  | 'HIGH'
  /** Only informational alerts. */
  | 'INFORMATIONAL'
  /** Low risk. */
  | 'LOW'
  /** Medium risk. */
  | 'MEDIUM'
  /** No risk found. */
  | 'NONE'
  /** Defender gives a value that is not in this list. */
  | 'UNKNOWN';

export type PeopleQueryVariables = Exact<{
  search: string;
  first: number;
  offset: number;
}>;


export type PeopleQuery = { readonly users: ReadonlyArray<{ readonly id: string, readonly displayName: string, readonly userPrincipalName: string, readonly department: string | null, readonly jobTitle: string | null }> };

export type DevicesOfQueryVariables = Exact<{
  ids: ReadonlyArray<string | number> | string | number;
}>;


export type DevicesOfQuery = { readonly users: ReadonlyArray<{ readonly id: string, readonly displayName: string, readonly userPrincipalName: string, readonly department: string | null, readonly jobTitle: string | null, readonly machines: ReadonlyArray<{ readonly id: string, readonly computerDnsName: string | null, readonly healthStatus: HealthStatus | null, readonly riskScore: RiskScore | null, readonly exposureLevel: ExposureLevel | null, readonly rbacGroupName: string | null, readonly lastSeen: string | null, readonly firstSeen: string | null, readonly osPlatform: string | null, readonly version: string | null, readonly osBuild: number | null, readonly lastIpAddress: string | null, readonly lastExternalIpAddress: string | null, readonly deviceValue: DeviceValue | null, readonly onboardingStatus: OnboardingStatus | null, readonly managedBy: ManagedBy | null, readonly defenderAvStatus: DefenderAvStatus | null, readonly agentVersion: string | null, readonly machineTags: ReadonlyArray<string> | null, readonly isPotentialDuplication: boolean | null }> | null, readonly machinesFreshness: { readonly asOf: string, readonly source: FreshnessSource, readonly complete: boolean } | null }> };

export type BudgetQueryVariables = Exact<{ [key: string]: never; }>;


export type BudgetQuery = { readonly defenderBudget: { readonly pausedUntil: string | null, readonly minute: { readonly limit: number, readonly remaining: number }, readonly hour: { readonly limit: number, readonly remaining: number } } | null };

export type PersonFragment = { readonly id: string, readonly displayName: string, readonly userPrincipalName: string, readonly department: string | null, readonly jobTitle: string | null };

export type DevicesOfPersonFragment = { readonly id: string, readonly machines: ReadonlyArray<{ readonly id: string, readonly computerDnsName: string | null, readonly healthStatus: HealthStatus | null, readonly riskScore: RiskScore | null, readonly exposureLevel: ExposureLevel | null, readonly rbacGroupName: string | null, readonly lastSeen: string | null, readonly firstSeen: string | null, readonly osPlatform: string | null, readonly version: string | null, readonly osBuild: number | null, readonly lastIpAddress: string | null, readonly lastExternalIpAddress: string | null, readonly deviceValue: DeviceValue | null, readonly onboardingStatus: OnboardingStatus | null, readonly managedBy: ManagedBy | null, readonly defenderAvStatus: DefenderAvStatus | null, readonly agentVersion: string | null, readonly machineTags: ReadonlyArray<string> | null, readonly isPotentialDuplication: boolean | null }> | null, readonly machinesFreshness: { readonly asOf: string, readonly source: FreshnessSource, readonly complete: boolean } | null };

export type DeviceFragment = { readonly id: string, readonly computerDnsName: string | null, readonly healthStatus: HealthStatus | null, readonly riskScore: RiskScore | null, readonly exposureLevel: ExposureLevel | null, readonly rbacGroupName: string | null, readonly lastSeen: string | null, readonly firstSeen: string | null, readonly osPlatform: string | null, readonly version: string | null, readonly osBuild: number | null, readonly lastIpAddress: string | null, readonly lastExternalIpAddress: string | null, readonly deviceValue: DeviceValue | null, readonly onboardingStatus: OnboardingStatus | null, readonly managedBy: ManagedBy | null, readonly defenderAvStatus: DefenderAvStatus | null, readonly agentVersion: string | null, readonly machineTags: ReadonlyArray<string> | null, readonly isPotentialDuplication: boolean | null };

export const PersonFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Person"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"User"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"userPrincipalName"}},{"kind":"Field","name":{"kind":"Name","value":"department"}},{"kind":"Field","name":{"kind":"Name","value":"jobTitle"}}]}}]} as unknown as DocumentNode<PersonFragment, unknown>;
export const DeviceFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Device"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Machine"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"computerDnsName"}},{"kind":"Field","name":{"kind":"Name","value":"healthStatus"}},{"kind":"Field","name":{"kind":"Name","value":"riskScore"}},{"kind":"Field","name":{"kind":"Name","value":"exposureLevel"}},{"kind":"Field","name":{"kind":"Name","value":"rbacGroupName"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeen"}},{"kind":"Field","name":{"kind":"Name","value":"firstSeen"}},{"kind":"Field","name":{"kind":"Name","value":"osPlatform"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"osBuild"}},{"kind":"Field","name":{"kind":"Name","value":"lastIpAddress"}},{"kind":"Field","name":{"kind":"Name","value":"lastExternalIpAddress"}},{"kind":"Field","name":{"kind":"Name","value":"deviceValue"}},{"kind":"Field","name":{"kind":"Name","value":"onboardingStatus"}},{"kind":"Field","name":{"kind":"Name","value":"managedBy"}},{"kind":"Field","name":{"kind":"Name","value":"defenderAvStatus"}},{"kind":"Field","name":{"kind":"Name","value":"agentVersion"}},{"kind":"Field","name":{"kind":"Name","value":"machineTags"}},{"kind":"Field","name":{"kind":"Name","value":"isPotentialDuplication"}}]}}]} as unknown as DocumentNode<DeviceFragment, unknown>;
export const DevicesOfPersonFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DevicesOfPerson"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"User"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"machines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Device"}}]}},{"kind":"Field","name":{"kind":"Name","value":"machinesFreshness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"complete"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Device"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Machine"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"computerDnsName"}},{"kind":"Field","name":{"kind":"Name","value":"healthStatus"}},{"kind":"Field","name":{"kind":"Name","value":"riskScore"}},{"kind":"Field","name":{"kind":"Name","value":"exposureLevel"}},{"kind":"Field","name":{"kind":"Name","value":"rbacGroupName"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeen"}},{"kind":"Field","name":{"kind":"Name","value":"firstSeen"}},{"kind":"Field","name":{"kind":"Name","value":"osPlatform"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"osBuild"}},{"kind":"Field","name":{"kind":"Name","value":"lastIpAddress"}},{"kind":"Field","name":{"kind":"Name","value":"lastExternalIpAddress"}},{"kind":"Field","name":{"kind":"Name","value":"deviceValue"}},{"kind":"Field","name":{"kind":"Name","value":"onboardingStatus"}},{"kind":"Field","name":{"kind":"Name","value":"managedBy"}},{"kind":"Field","name":{"kind":"Name","value":"defenderAvStatus"}},{"kind":"Field","name":{"kind":"Name","value":"agentVersion"}},{"kind":"Field","name":{"kind":"Name","value":"machineTags"}},{"kind":"Field","name":{"kind":"Name","value":"isPotentialDuplication"}}]}}]} as unknown as DocumentNode<DevicesOfPersonFragment, unknown>;
export const PeopleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"People"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"offset"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"users"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"offset"},"value":{"kind":"Variable","name":{"kind":"Name","value":"offset"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Person"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Person"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"User"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"userPrincipalName"}},{"kind":"Field","name":{"kind":"Name","value":"department"}},{"kind":"Field","name":{"kind":"Name","value":"jobTitle"}}]}}]} as unknown as DocumentNode<PeopleQuery, PeopleQueryVariables>;
export const DevicesOfDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DevicesOf"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"users"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Person"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"DevicesOfPerson"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Device"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Machine"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"computerDnsName"}},{"kind":"Field","name":{"kind":"Name","value":"healthStatus"}},{"kind":"Field","name":{"kind":"Name","value":"riskScore"}},{"kind":"Field","name":{"kind":"Name","value":"exposureLevel"}},{"kind":"Field","name":{"kind":"Name","value":"rbacGroupName"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeen"}},{"kind":"Field","name":{"kind":"Name","value":"firstSeen"}},{"kind":"Field","name":{"kind":"Name","value":"osPlatform"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"osBuild"}},{"kind":"Field","name":{"kind":"Name","value":"lastIpAddress"}},{"kind":"Field","name":{"kind":"Name","value":"lastExternalIpAddress"}},{"kind":"Field","name":{"kind":"Name","value":"deviceValue"}},{"kind":"Field","name":{"kind":"Name","value":"onboardingStatus"}},{"kind":"Field","name":{"kind":"Name","value":"managedBy"}},{"kind":"Field","name":{"kind":"Name","value":"defenderAvStatus"}},{"kind":"Field","name":{"kind":"Name","value":"agentVersion"}},{"kind":"Field","name":{"kind":"Name","value":"machineTags"}},{"kind":"Field","name":{"kind":"Name","value":"isPotentialDuplication"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Person"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"User"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"userPrincipalName"}},{"kind":"Field","name":{"kind":"Name","value":"department"}},{"kind":"Field","name":{"kind":"Name","value":"jobTitle"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DevicesOfPerson"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"User"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"machines"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Device"}}]}},{"kind":"Field","name":{"kind":"Name","value":"machinesFreshness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"complete"}}]}}]}}]} as unknown as DocumentNode<DevicesOfQuery, DevicesOfQueryVariables>;
export const BudgetDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Budget"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"defenderBudget"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minute"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"remaining"}}]}},{"kind":"Field","name":{"kind":"Name","value":"hour"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"remaining"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pausedUntil"}}]}}]}}]} as unknown as DocumentNode<BudgetQuery, BudgetQueryVariables>;