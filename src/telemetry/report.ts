import type { Audit } from './audit.ts';
import type { Log } from './log.ts';
import type { Meter } from './metrics.ts';
import type { Pseudonym } from './pseudonyms.ts';
import type { RequestRecord } from './record.ts';

export interface ReportOptions {
  readonly log: Log;
  readonly meter: Meter;
  readonly audit: Audit | undefined;
  readonly pseudonym: Pseudonym;
  /** Whether the audit calls users by their names. */
  readonly logUserNames: boolean;
  /** What the audit calls who asks. */
  readonly auditCaller: 'hash' | 'subject';
}

/** Called once for each request, when its answer is sent or its client has gone. `status` is that of HTTP. */
export type Report = (record: RequestRecord, status: number, milliseconds: number) => void;

export function createReport(options: ReportOptions): Report {
  const { log, meter, audit, pseudonym, logUserNames, auditCaller } = options;

  return (record, status, milliseconds) => {
    count(record, status, milliseconds, meter);
    if (!audit && !log.isLevelEnabled('info')) return;
    const { caller } = record;
    const hash = caller && pseudonym(caller.subject ?? caller.partition);
    log.info(
      { ...lineOf(record), caller: hash, status, ms: Math.round(milliseconds * 10) / 10 },
      'request',
    );
    audit?.write(record, {
      caller: auditCaller === 'subject' ? (caller?.subject ?? hash) : hash,
      user: logUserNames ? (userName) => userName : pseudonym,
    });
  };
}

function count(record: RequestRecord, status: number, milliseconds: number, meter: Meter): void {
  const { road, live, cached, stale, failed, joined, pooled, asks, users, errors } = record;
  meter.add('requests', { road, status: String(status) });
  meter.observe('requestTime', { road }, milliseconds / 1_000);
  if (live > 0) meter.add('users', { source: 'live' }, live);
  if (cached > 0) meter.add('users', { source: 'cache' }, cached);
  if (stale > 0) meter.add('users', { source: 'stale' }, stale);
  if (failed > 0) meter.add('users', { source: 'failed' }, failed);
  if (asks > users) meter.add('saved', { layer: 'loader' }, asks - users);
  if (joined > 0) meter.add('saved', { layer: 'flight' }, joined);
  if (pooled > 0) meter.add('saved', { layer: 'shared_cache' }, pooled);
  if (stale > 0) meter.add('saved', { layer: 'stale' }, stale);
  // What another replica has read is found in the cache of this process as well, once it is there.
  const own = cached - pooled;
  if (own > 0) meter.add('saved', { layer: road === 'rendered' ? 'rendered' : 'cache' }, own);
  if (record.caller) meter.add('identities', { outcome: 'accepted' });
  else if (record.isRefused !== undefined)
    meter.add('identities', { outcome: record.isRefused ? 'refused' : 'unavailable' });
  for (const [code, times] of errors) meter.add('errors', { code }, times);
}

/** What is zero goes without saying: pino leaves out what is undefined. */
function lineOf(record: RequestRecord) {
  const { id, client, road, operation, users, errors, waitedMilliseconds } = record;
  return {
    requestId: id,
    traceId: record.traceId,
    client,
    operation,
    road,
    users: users || undefined,
    live: record.live || undefined,
    cached: record.cached || undefined,
    stale: record.stale || undefined,
    failed: record.failed || undefined,
    calls: record.calls || undefined,
    joined: record.joined || undefined,
    pooled: record.pooled || undefined,
    waitedMs: Math.round(waitedMilliseconds) || undefined,
    errors: errors.size > 0 ? Object.fromEntries(errors) : undefined,
  };
}
