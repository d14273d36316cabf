interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, in the unit of its name. */
  readonly buckets?: readonly number[];
}

const QUICK = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const REMOTE = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** All that is measured. Times are in seconds, sizes in bytes, as Prometheus has them. */
export const METRICS = {
  requests: {
    kind: 'counter',
    name: 'user_machines_requests_total',
    help: 'GraphQL requests, by road (ordinary, rendered) and HTTP status',
    labels: ['road', 'status'],
  },
  requestTime: {
    kind: 'histogram',
    name: 'user_machines_request_duration_seconds',
    help: 'From a request to its answer, by road (ordinary, rendered)',
    labels: ['road'],
    buckets: QUICK,
  },
  users: {
    kind: 'counter',
    name: 'user_machines_users_total',
    help: 'Users asked for, distinct in each request, by where their answer came from (live, cache, stale, failed)',
    labels: ['source'],
  },
  shed: {
    kind: 'counter',
    name: 'user_machines_shed_total',
    help: 'GraphQL requests refused because there was too much to do, by what there was too much of (event_loop, heap)',
    labels: ['pressure'],
  },
  errors: {
    kind: 'counter',
    name: 'user_machines_errors_total',
    help: 'GraphQL errors answered, by extensions.code',
    labels: ['code'],
  },
  saved: {
    kind: 'counter',
    name: 'user_machines_calls_saved_total',
    help: 'Times that a user was asked for without a call of the Defender API, by layer (loader, flight, cache, shared_cache, stale, rendered)',
    labels: ['layer'],
  },
  calls: {
    kind: 'counter',
    name: 'user_machines_defender_calls_total',
    help: 'Calls of the Defender API, by HTTP status, or by the code of the failure where there is no answer',
    labels: ['status'],
  },
  callTime: {
    kind: 'histogram',
    name: 'user_machines_defender_call_duration_seconds',
    help: 'One call of the Defender API, from its request to the last byte of the answer',
    labels: [],
    buckets: REMOTE,
  },
  waits: {
    kind: 'histogram',
    name: 'user_machines_budget_wait_seconds',
    help: 'How long a call waited for its turn, a connection and budget, by priority (interactive, bulk, spare)',
    labels: ['priority'],
    buckets: QUICK,
  },
  refusals: {
    kind: 'counter',
    name: 'user_machines_budget_refusals_total',
    help: 'Calls that were not made for want of budget, by priority (interactive, bulk, spare) and by what ran out (minute, hour, pause, connections, queue, spare)',
    labels: ['priority', 'reason'],
  },
  pauses: {
    kind: 'counter',
    name: 'user_machines_budget_pauses_total',
    help: 'Pauses after a 429 of the Defender API',
    labels: [],
  },
  budgetRemaining: {
    kind: 'gauge',
    name: 'user_machines_budget_remaining_calls',
    help: 'Calls left, by budget (tenant/application) and window (minute, hour). Only budgets that Defender has answered lately',
    labels: ['budget', 'window'],
  },
  budgetLimit: {
    kind: 'gauge',
    name: 'user_machines_budget_limit_calls',
    help: 'Calls that a whole window allows, by budget and window',
    labels: ['budget', 'window'],
  },
  budgetPaused: {
    kind: 'gauge',
    name: 'user_machines_budget_paused',
    help: '1 while Defender has told the application to pause, by budget',
    labels: ['budget'],
  },
  identities: {
    kind: 'counter',
    name: 'user_machines_identities_total',
    help: 'Requests, by whether their caller could be made out (accepted, refused, unavailable)',
    labels: ['outcome'],
  },
  logins: {
    kind: 'counter',
    name: 'user_machines_login_requests_total',
    help: 'Requests to the login authority, by purpose (exchange, keys) and HTTP status, or error where there is no answer',
    labels: ['purpose', 'status'],
  },
  loginTime: {
    kind: 'histogram',
    name: 'user_machines_login_request_duration_seconds',
    help: 'One request to the login authority, by purpose (exchange, keys)',
    labels: ['purpose'],
    buckets: REMOTE,
  },
  cacheBytes: {
    kind: 'gauge',
    name: 'user_machines_cache_bytes',
    help: 'What the answers in the memory of this process take',
    labels: [],
  },
  cacheEntries: {
    kind: 'gauge',
    name: 'user_machines_cache_entries',
    help: 'Answers in the memory of this process',
    labels: [],
  },
  cacheEvictions: {
    kind: 'counter',
    name: 'user_machines_cache_evictions_total',
    help: 'Answers that made room for others before their time',
    labels: [],
  },
  unknownValues: {
    kind: 'counter',
    name: 'user_machines_unknown_values_total',
    help: 'Values that the Defender API documents nowhere, answered as UNKNOWN, by property',
    labels: ['property'],
  },
  redisReady: {
    kind: 'gauge',
    name: 'user_machines_redis_ready',
    help: '1 while what replicas share in Redis is in reach. Absent without REDIS_URL',
    labels: [],
  },
} as const satisfies Readonly<Record<string, Metric>>;

type Metrics = typeof METRICS;
type Named<Kind extends Metric['kind']> = {
  [Name in keyof Metrics]: Metrics[Name]['kind'] extends Kind ? Name : never;
}[keyof Metrics];
type Labels<Name extends keyof Metrics> = Readonly<Record<Metrics[Name]['labels'][number], string>>;
type Reading<Name extends keyof Metrics> = readonly [labels: Labels<Name>, value: number];

/** Where what happens is counted. Each call takes well under a microsecond. */
export interface Meter {
  add<Name extends Named<'counter'>>(name: Name, labels: Labels<Name>, by?: number): void;
  observe<Name extends Named<'histogram'>>(name: Name, labels: Labels<Name>, value: number): void;
  /** `read` is asked each time that somebody looks. Of a counter it tells the sum since the start. */
  watch<Name extends Named<'gauge' | 'counter'>>(
    name: Name,
    read: () => readonly Reading<Name>[] | Promise<readonly Reading<Name>[]>,
  ): void;
}

/** Where nobody looks. */
export const noMeter: Meter = { add() {}, observe() {}, watch() {} };
