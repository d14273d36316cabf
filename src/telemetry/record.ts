import type { Span } from './tracing.ts';

/** Where the answer for one user came from. */
export type Source = 'LIVE' | 'CACHE' | 'STALE';

/** One user that somebody asked for, and what they got. */
export interface Lookup {
  readonly userName: string;
  readonly source: Source | 'FAILED';
  /** How many devices; null for a user whom Defender does not know, and where there is no answer. */
  readonly devices: number | null;
}

/** Who asks, as far as it is written down. */
export interface RecordedCaller {
  readonly partition: string;
  /** Tenant and person or application, where a token names them. */
  readonly subject?: string | undefined;
  readonly isVerified: boolean;
}

/** Characters. */
const LONGEST_NAME = 100;

/**
 * What one request comes to: a line in the log, one set of counts, one entry of the audit a user. Whoever answers it
 * fills this in, by whatever road.
 */
export class RequestRecord {
  readonly id: string;
  /** The address at the other end of the connection. */
  readonly client: string;
  road: 'ordinary' | 'rendered' = 'ordinary';
  caller: RecordedCaller | undefined;
  /** Where there is no caller: whether they were refused, or nobody can tell who asks. Undefined where nobody looked. */
  isRefused: boolean | undefined;
  /** How often fields and aliases asked for a user. */
  asks = 0;
  live = 0;
  cached = 0;
  stale = 0;
  failed = 0;
  /** Of those, how many came with another request's call, and how many from another replica. */
  joined = 0;
  pooled = 0;
  /** Calls of the Defender API. */
  calls = 0;
  /** The longest that one of them waited for budget. */
  waitedMilliseconds = 0;
  /** Whether Defender has answered this very token with devices, now or before: then its claims are true. */
  isProven = false;
  /** What runs now for this request, and the trace that it belongs to. */
  span: Span | undefined;
  traceId: string | undefined;
  /** GraphQL errors by code. */
  readonly errors = new Map<string, number>();
  /** Only kept where there is an audit. */
  readonly lookups: Lookup[] | undefined;
  #operation: string | undefined;

  constructor(id: string, client: string, isAudited: boolean) {
    this.id = id;
    this.client = client;
    this.lookups = isAudited ? [] : undefined;
  }

  /** Its name, cut where it is longer than any that a person gives. */
  get operation(): string | undefined {
    return this.#operation;
  }

  set operation(name: string | undefined) {
    this.#operation = name?.slice(0, LONGEST_NAME);
  }

  /** Distinct users, if each was counted once. */
  get users(): number {
    return this.live + this.cached + this.stale + this.failed;
  }

  /** Counts a user that has an answer: to be called once for each distinct user of the request. */
  answered(userName: string, source: Source, devices: number | null): void {
    if (source === 'CACHE') this.cached += 1;
    else if (source === 'LIVE') this.live += 1;
    else this.stale += 1;
    if (devices !== null) this.isProven = true;
    this.lookups?.push({ userName, source, devices });
  }

  /** The same for a user that has none. */
  unanswered(userName: string): void {
    this.failed += 1;
    this.lookups?.push({ userName, source: 'FAILED', devices: null });
  }

  error(code: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }
}
