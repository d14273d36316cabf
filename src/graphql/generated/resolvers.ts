import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Machine as MappedMachine } from '../../machines/machine.ts';
import type { AskedUser } from '../user.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * A moment as RFC 3339 text in UTC, such as `2025-01-02T03:04:05.1234567Z`. Defender's digits are kept as they came: there
   * can be seven of them in the fraction, more than a JavaScript Date holds.
   */
  DateTime: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Who may keep an answer. */
export type CacheControlScope =
  /** The caller alone. */
  | 'PRIVATE'
  /** Anybody, shared caches included. Nothing here is: what a caller sees depends on the caller's device groups. */
  | 'PUBLIC';

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

/** The budget of Defender calls, which all users of one application share in one tenant. */
export type DefenderBudget = {
  readonly __typename?: 'DefenderBudget';
  /** The calls of the last hour. */
  readonly hour: DefenderBudgetWindow;
  /** The calls of the last minute. */
  readonly minute: DefenderBudgetWindow;
  /** Until when nobody calls, because Defender has refused a call; null where nothing is paused. */
  readonly pausedUntil?: Maybe<Scalars['DateTime']['output']>;
};

/** One of the two sliding windows in which Defender counts calls. */
export type DefenderBudgetWindow = {
  readonly __typename?: 'DefenderBudgetWindow';
  /** How many calls the window allows. */
  readonly limit: Scalars['Int']['output'];
  /** How many calls can still be made now, by all callers together. */
  readonly remaining: Scalars['Int']['output'];
  /** When the whole limit is there again, if no more calls are made. */
  readonly resetsAt: Scalars['DateTime']['output'];
};

/** What asking for the machines of some users would take. */
export type DefenderEstimate = {
  readonly __typename?: 'DefenderEstimate';
  /** How many of the users, each counted once, are remembered for this caller and cost no call. */
  readonly cached: Scalars['Int']['output'];
  /** How many calls the others take. */
  readonly calls: Scalars['Int']['output'];
  /** When this caller can have all answers, as far as is known now. */
  readonly readyAt: Scalars['DateTime']['output'];
};

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

/** How fresh a list of devices is. */
export type Freshness = {
  readonly __typename?: 'Freshness';
  /** When the list was read from Defender. */
  readonly asOf: Scalars['DateTime']['output'];
  /** False when Defender had more pages than this service reads: devices may be missing, and counts may be too low. */
  readonly complete: Scalars['Boolean']['output'];
  /** Whether the list was read for this request, remembered, or remembered past its time. */
  readonly source: FreshnessSource;
};

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

/** A device in the Defender for Endpoint inventory. Defender may leave out every property but the id. */
export type Machine = {
  readonly __typename?: 'Machine';
  /** Microsoft Entra device id, a GUID. Can be missing on a joined device. */
  readonly aadDeviceId?: Maybe<Scalars['String']['output']>;
  /** Version of the Defender for Endpoint sensor on the device. */
  readonly agentVersion?: Maybe<Scalars['String']['output']>;
  /** DNS name as the device reports it: in any letter case, not always fully qualified, sometimes empty. */
  readonly computerDnsName?: Maybe<Scalars['String']['output']>;
  /** State of Microsoft Defender Antivirus on the device. */
  readonly defenderAvStatus?: Maybe<DefenderAvStatus>;
  /** How much the device matters to the organization, as set by its administrators. Weighs in the exposure score. */
  readonly deviceValue?: Maybe<DeviceValue>;
  /** Why the device is excluded from vulnerability management. */
  readonly exclusionReason?: Maybe<Scalars['String']['output']>;
  /** Exposure from unresolved security recommendations, as vulnerability management evaluates it. */
  readonly exposureLevel?: Maybe<ExposureLevel>;
  /** When Defender first saw the device. */
  readonly firstSeen?: Maybe<Scalars['DateTime']['output']>;
  /** How well the device's sensor communicates with Defender. */
  readonly healthStatus?: Maybe<HealthStatus>;
  /** Defender's device id, usually 40 hexadecimal digits. The only safe key: several ids with one DNS name are normal. */
  readonly id: Scalars['ID']['output'];
  /** The device's network interfaces and their addresses. */
  readonly ipAddresses?: Maybe<ReadonlyArray<MachineIpAddress>>;
  /** Whether the device is joined to Microsoft Entra ID. */
  readonly isAadJoined?: Maybe<Scalars['Boolean']['output']>;
  /** Whether the device is excluded from vulnerability management. */
  readonly isExcluded?: Maybe<Scalars['Boolean']['output']>;
  /** Whether Defender takes the device for a possible duplicate of another one. */
  readonly isPotentialDuplication?: Maybe<Scalars['Boolean']['output']>;
  /** The last IP address from which the device reached the internet. */
  readonly lastExternalIpAddress?: Maybe<Scalars['String']['output']>;
  /** The last IP address on the device's own network interfaces. */
  readonly lastIpAddress?: Maybe<Scalars['String']['output']>;
  /** When Defender last received a full report from the device, which is normally one a day. */
  readonly lastSeen?: Maybe<Scalars['DateTime']['output']>;
  /** Tags set in the portal, through the API, or on the device itself. */
  readonly machineTags?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** What manages the device's security settings. */
  readonly managedBy?: Maybe<ManagedBy>;
  /** How the device's management enrolment went, such as `Success` or `Unknown`. Free text. */
  readonly managedByStatus?: Maybe<Scalars['String']['output']>;
  /** The id of the device that this one was merged into, when Defender found both to be the same. */
  readonly mergedIntoMachineId?: Maybe<Scalars['String']['output']>;
  /** Whether the device is onboarded to Defender for Endpoint. */
  readonly onboardingStatus?: Maybe<OnboardingStatus>;
  /** Word size of the operating system: `64-bit` or `32-bit`. */
  readonly osArchitecture?: Maybe<Scalars['String']['output']>;
  /** Operating system build number, such as 26100 for Windows 11 24H2. */
  readonly osBuild?: Maybe<Scalars['Int']['output']>;
  /** Operating system platform, such as `Windows11`, `macOS` or `Ubuntu`. Free text. */
  readonly osPlatform?: Maybe<Scalars['String']['output']>;
  /** Processor architecture, such as `x64` or `arm64`. Free text. */
  readonly osProcessor?: Maybe<Scalars['String']['output']>;
  /** Operating system version, where Defender gives one apart from `version` and `osBuild`. */
  readonly osVersion?: Maybe<Scalars['String']['output']>;
  /** Id of the device group that decides who may see and act on the device. `0` where there is none. */
  readonly rbacGroupId?: Maybe<Scalars['String']['output']>;
  /** Name of the device group that decides who may see and act on the device. */
  readonly rbacGroupName?: Maybe<Scalars['String']['output']>;
  /** Risk from active alerts on the device, as Defender evaluates it. */
  readonly riskScore?: Maybe<RiskScore>;
  /** Operating system release, such as `24H2` on Windows or `9.5` on a Linux distribution. Free text. */
  readonly version?: Maybe<Scalars['String']['output']>;
  /** Where the virtual machine runs, for a device that is one in a cloud that Defender recognizes. */
  readonly vmMetadata?: Maybe<MachineVmMetadata>;
};

/**
 * Which devices to keep: those that match every criterion given. A list matches a device that has any of its values, and an
 * empty list matches none. A device without a value for a property matches no criterion on it.
 */
export type MachineFilter = {
  /** This text is part of the DNS name, without regard to letter case. */
  readonly computerDnsNameContains?: InputMaybe<Scalars['String']['input']>;
  /** Any of these exposure levels. */
  readonly exposureLevel?: InputMaybe<ReadonlyArray<ExposureLevel>>;
  /** Any of these sensor health states. */
  readonly healthStatus?: InputMaybe<ReadonlyArray<HealthStatus>>;
  /** Last seen later than this moment. */
  readonly lastSeenAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** Last seen earlier than this moment. */
  readonly lastSeenBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** This tag is among the device's tags, without regard to letter case. */
  readonly machineTag?: InputMaybe<Scalars['String']['input']>;
  /** Any of these onboarding states. */
  readonly onboardingStatus?: InputMaybe<ReadonlyArray<OnboardingStatus>>;
  /** Any of these platforms, without regard to letter case. */
  readonly osPlatform?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Any of these device groups by name, without regard to letter case. */
  readonly rbacGroupName?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Any of these risk scores. */
  readonly riskScore?: InputMaybe<ReadonlyArray<RiskScore>>;
};

/** One address of one of a device's network interfaces. */
export type MachineIpAddress = {
  readonly __typename?: 'MachineIpAddress';
  /** IPv4 or IPv6 address. Sometimes empty. */
  readonly ipAddress?: Maybe<Scalars['String']['output']>;
  /** MAC address, 12 hexadecimal digits without separators. */
  readonly macAddress?: Maybe<Scalars['String']['output']>;
  /** State of the interface, such as `Up` or `Down`. Free text. */
  readonly operationalStatus?: Maybe<Scalars['String']['output']>;
  /** Kind of interface, such as `Ethernet` or `SoftwareLoopback`. Free text. */
  readonly type?: Maybe<Scalars['String']['output']>;
};

/** How to sort devices. Those without a known value come last in either direction; equals stay in Defender's own order. */
export type MachineOrder = {
  /** In which direction to sort. */
  readonly direction: MachineOrderDirection;
  /** What to sort by. */
  readonly field: MachineOrderField;
};

/** In which direction devices are sorted. */
export type MachineOrderDirection =
  /** Earliest, lowest, or from A to Z first. */
  | 'ASC'
  /** Latest, highest, or from Z to A first. */
  | 'DESC';

/** What devices can be sorted by. */
export type MachineOrderField =
  /** DNS name, without regard to letter case. */
  | 'COMPUTER_DNS_NAME'
  /** Exposure, from none to high. */
  | 'EXPOSURE_LEVEL'
  /** When Defender last saw the device. */
  | 'LAST_SEEN'
  /** Risk, from none to high. */
  | 'RISK_SCORE';

/** Where a virtual machine runs. */
export type MachineVmMetadata = {
  readonly __typename?: 'MachineVmMetadata';
  /** Cloud provider, such as `Azure`. Free text. */
  readonly cloudProvider?: Maybe<Scalars['String']['output']>;
  /** The cloud provider's full id for the resource. */
  readonly resourceId?: Maybe<Scalars['String']['output']>;
  /** The subscription that the virtual machine belongs to. */
  readonly subscriptionId?: Maybe<Scalars['String']['output']>;
  /** The cloud provider's id for the virtual machine. */
  readonly vmId?: Maybe<Scalars['String']['output']>;
};

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

/** The entry points of the graph. */
export type Query = {
  readonly __typename?: 'Query';
  /**
   * What is left of the Defender calls that the caller's application may make in its tenant. Reading it makes no call. Null
   * with an error where the caller can't be made out.
   */
  readonly defenderBudget?: Maybe<DefenderBudget>;
  /** What asking for the machines of these users would take. Reading it makes no call to Defender. */
  readonly defenderEstimate?: Maybe<DefenderEstimate>;
  /**
   * The devices of many users, in the order asked, for notebooks and for use without a supergraph. A user who can't be
   * looked up has null fields and an error of their own; the others are whole.
   */
  readonly machinesByUser: ReadonlyArray<UserMachines>;
};


/** The entry points of the graph. */
export type QueryDefenderEstimateArgs = {
  userNames: ReadonlyArray<Scalars['String']['input']>;
};


/** The entry points of the graph. */
export type QueryMachinesByUserArgs = {
  userNames: ReadonlyArray<Scalars['String']['input']>;
};

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

/** A person with an account, whom Defender for Endpoint sees log on to devices. */
export type User = {
  readonly __typename?: 'User';
  /**
   * The account name or user principal name: `user1`, `user1@contoso.com` and `CONTOSO\user1` are one user. Not an object id
   * (GUID), which Defender can't look up.
   */
  readonly id: Scalars['ID']['output'];
  /**
   * How many devices `machines` would list with this filter and neither first nor offset. Null without an error when
   * Defender doesn't know the user.
   */
  readonly machineCount?: Maybe<Scalars['Int']['output']>;
  /**
   * The devices that Defender for Endpoint saw the user log on to, as far as the caller may see them. Null without an
   * error when Defender doesn't know the user; an empty list when it knows the user but no such device.
   */
  readonly machines?: Maybe<ReadonlyArray<Machine>>;
  /** When and whence the devices of this user were read, and whether all of them were. */
  readonly machinesFreshness?: Maybe<Freshness>;
  /** The name that the user signs in with, such as `user1@contoso.com`. */
  readonly userPrincipalName: Scalars['String']['output'];
};


/** A person with an account, whom Defender for Endpoint sees log on to devices. */
export type UserMachineCountArgs = {
  filter?: InputMaybe<MachineFilter>;
};


/** A person with an account, whom Defender for Endpoint sees log on to devices. */
export type UserMachinesArgs = {
  filter?: InputMaybe<MachineFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<MachineOrder>;
};

/** What Defender for Endpoint knows about the devices of one user. */
export type UserMachines = {
  readonly __typename?: 'UserMachines';
  /**
   * How many devices `machines` would list with this filter and neither first nor offset. Null without an error when
   * Defender doesn't know the user.
   */
  readonly machineCount?: Maybe<Scalars['Int']['output']>;
  /**
   * The devices that Defender for Endpoint saw the user log on to, as far as the caller may see them. Null without an
   * error when Defender doesn't know the user; an empty list when it knows the user but no such device.
   */
  readonly machines?: Maybe<ReadonlyArray<Machine>>;
  /** When and whence the devices of this user were read, and whether all of them were. */
  readonly machinesFreshness?: Maybe<Freshness>;
  /** The name as it was asked for. */
  readonly userName: Scalars['String']['output'];
};


/** What Defender for Endpoint knows about the devices of one user. */
export type UserMachinesMachineCountArgs = {
  filter?: InputMaybe<MachineFilter>;
};


/** What Defender for Endpoint knows about the devices of one user. */
export type UserMachinesMachinesArgs = {
  filter?: InputMaybe<MachineFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  offset?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<MachineOrder>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  User:
    ( { __typename: 'User' }
    & ( GraphQLRecursivePick<FederationTypes['User'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['User'], {"userPrincipalName":true}> ) );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  CacheControlScope: CacheControlScope;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DefenderAvStatus: DefenderAvStatus;
  DefenderBudget: ResolverTypeWrapper<DefenderBudget>;
  DefenderBudgetWindow: ResolverTypeWrapper<DefenderBudgetWindow>;
  DefenderEstimate: ResolverTypeWrapper<DefenderEstimate>;
  DeviceValue: DeviceValue;
  ExposureLevel: ExposureLevel;
  Freshness: ResolverTypeWrapper<Freshness>;
  FreshnessSource: FreshnessSource;
  HealthStatus: HealthStatus;
  Machine: ResolverTypeWrapper<MappedMachine>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  MachineFilter: MachineFilter;
  MachineIpAddress: ResolverTypeWrapper<MachineIpAddress>;
  MachineOrder: MachineOrder;
  MachineOrderDirection: MachineOrderDirection;
  MachineOrderField: MachineOrderField;
  MachineVmMetadata: ResolverTypeWrapper<MachineVmMetadata>;
  ManagedBy: ManagedBy;
  OnboardingStatus: OnboardingStatus;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RiskScore: RiskScore;
  User: ResolverTypeWrapper<AskedUser>;
  UserMachines: ResolverTypeWrapper<AskedUser>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  DefenderBudget: DefenderBudget;
  DefenderBudgetWindow: DefenderBudgetWindow;
  DefenderEstimate: DefenderEstimate;
  Freshness: Freshness;
  Machine: MappedMachine;
  String: Scalars['String']['output'];
  ID: Scalars['ID']['output'];
  MachineFilter: MachineFilter;
  MachineIpAddress: MachineIpAddress;
  MachineOrder: MachineOrder;
  MachineVmMetadata: MachineVmMetadata;
  Query: Record<PropertyKey, never>;
  User: AskedUser;
  UserMachines: AskedUser;
  Boolean: Scalars['Boolean']['output'];
  Int: Scalars['Int']['output'];
};

export type CacheControlDirectiveArgs = {
  inheritMaxAge?: Maybe<Scalars['Boolean']['input']>;
  maxAge?: Maybe<Scalars['Int']['input']>;
  scope?: Maybe<CacheControlScope>;
};

export type CacheControlDirectiveResolver<Result, Parent, ContextType = Context, Args = CacheControlDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DefenderBudgetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DefenderBudget'] = ResolversParentTypes['DefenderBudget']> = {
  hour?: Resolver<ResolversTypes['DefenderBudgetWindow'], ParentType, ContextType>;
  minute?: Resolver<ResolversTypes['DefenderBudgetWindow'], ParentType, ContextType>;
  pausedUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type DefenderBudgetWindowResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DefenderBudgetWindow'] = ResolversParentTypes['DefenderBudgetWindow']> = {
  limit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  resetsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type DefenderEstimateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DefenderEstimate'] = ResolversParentTypes['DefenderEstimate']> = {
  cached?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  calls?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  readyAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type FreshnessResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Freshness'] = ResolversParentTypes['Freshness']> = {
  asOf?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['FreshnessSource'], ParentType, ContextType>;
};

export type MachineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Machine'] = ResolversParentTypes['Machine']> = {
  aadDeviceId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  agentVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  computerDnsName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  defenderAvStatus?: Resolver<Maybe<ResolversTypes['DefenderAvStatus']>, ParentType, ContextType>;
  deviceValue?: Resolver<Maybe<ResolversTypes['DeviceValue']>, ParentType, ContextType>;
  exclusionReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  exposureLevel?: Resolver<Maybe<ResolversTypes['ExposureLevel']>, ParentType, ContextType>;
  firstSeen?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  healthStatus?: Resolver<Maybe<ResolversTypes['HealthStatus']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ipAddresses?: Resolver<Maybe<ReadonlyArray<ResolversTypes['MachineIpAddress']>>, ParentType, ContextType>;
  isAadJoined?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  isExcluded?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  isPotentialDuplication?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  lastExternalIpAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastIpAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastSeen?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  machineTags?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  managedBy?: Resolver<Maybe<ResolversTypes['ManagedBy']>, ParentType, ContextType>;
  managedByStatus?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mergedIntoMachineId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  onboardingStatus?: Resolver<Maybe<ResolversTypes['OnboardingStatus']>, ParentType, ContextType>;
  osArchitecture?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  osBuild?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  osPlatform?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  osProcessor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  osVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  rbacGroupId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  rbacGroupName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  riskScore?: Resolver<Maybe<ResolversTypes['RiskScore']>, ParentType, ContextType>;
  version?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vmMetadata?: Resolver<Maybe<ResolversTypes['MachineVmMetadata']>, ParentType, ContextType>;
};

export type MachineIpAddressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MachineIpAddress'] = ResolversParentTypes['MachineIpAddress']> = {
  ipAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  macAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  operationalStatus?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type MachineVmMetadataResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MachineVmMetadata'] = ResolversParentTypes['MachineVmMetadata']> = {
  cloudProvider?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  resourceId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  subscriptionId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vmId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  defenderBudget?: Resolver<Maybe<ResolversTypes['DefenderBudget']>, ParentType, ContextType>;
  defenderEstimate?: Resolver<Maybe<ResolversTypes['DefenderEstimate']>, ParentType, ContextType, RequireFields<QueryDefenderEstimateArgs, 'userNames'>>;
  machinesByUser?: Resolver<ReadonlyArray<ResolversTypes['UserMachines']>, ParentType, ContextType, RequireFields<QueryMachinesByUserArgs, 'userNames'>>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  machineCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, Partial<UserMachineCountArgs>>;
  machines?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Machine']>>, ParentType, ContextType, Partial<UserMachinesArgs>>;
  machinesFreshness?: Resolver<Maybe<ResolversTypes['Freshness']>, ParentType, ContextType>;
  userPrincipalName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UserMachinesResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserMachines'] = ResolversParentTypes['UserMachines']> = {
  machineCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType, Partial<UserMachinesMachineCountArgs>>;
  machines?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Machine']>>, ParentType, ContextType, Partial<UserMachinesMachinesArgs>>;
  machinesFreshness?: Resolver<Maybe<ResolversTypes['Freshness']>, ParentType, ContextType>;
  userName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  DateTime?: GraphQLScalarType;
  DefenderBudget?: DefenderBudgetResolvers<ContextType>;
  DefenderBudgetWindow?: DefenderBudgetWindowResolvers<ContextType>;
  DefenderEstimate?: DefenderEstimateResolvers<ContextType>;
  Freshness?: FreshnessResolvers<ContextType>;
  Machine?: MachineResolvers<ContextType>;
  MachineIpAddress?: MachineIpAddressResolvers<ContextType>;
  MachineVmMetadata?: MachineVmMetadataResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserMachines?: UserMachinesResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
};
