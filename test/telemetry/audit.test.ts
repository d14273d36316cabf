import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAudit } from '../../src/telemetry/audit.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { noMeter } from '../../src/telemetry/metrics.ts';
import { RequestRecord } from '../../src/telemetry/record.ts';
import { createReport } from '../../src/telemetry/report.ts';

const caller = { partition: 'p', subject: 'tenant/alice', isVerified: false };

function recordOf(...userNames: string[]): RequestRecord {
  const record = new RequestRecord('request-1', '10.0.0.7', true);
  record.caller = caller;
  record.operation = 'Devices';
  for (const userName of userNames) record.answered(userName, 'CACHE', 3);
  return record;
}

function reporting(
  level: 'info' | 'silent',
  options: { logUserNames?: boolean; auditCaller?: 'hash' | 'subject' } = {},
) {
  const lines: { msg: string; [key: string]: unknown }[] = [];
  const log = createLog(level, { write: (line) => void lines.push(JSON.parse(line)) });
  const report = createReport({
    log,
    meter: noMeter,
    audit: createAudit('log', log),
    pseudonym: (name) => `hash of ${name}`,
    logUserNames: false,
    auditCaller: 'hash',
    ...options,
  });
  return { lines, report };
}

describe('the audit', () => {
  test('says who asked for whom, from where, and how many devices there were', () => {
    const { lines, report } = reporting('silent');
    const record = recordOf('user1');
    record.answered('user2', 'LIVE', null);
    record.unanswered('user3');
    report(record, 200, 1);
    expect(lines).toEqual([
      {
        level: 30,
        time: expect.any(String),
        msg: 'audit',
        requestId: 'request-1',
        client: '10.0.0.7',
        caller: 'hash of tenant/alice',
        verified: true,
        operation: 'Devices',
        lookups: [
          { user: 'hash of user1', source: 'CACHE', devices: 3 },
          { user: 'hash of user2', source: 'LIVE', devices: null },
          { user: 'hash of user3', source: 'FAILED', devices: null },
        ],
      },
    ]);
  });

  test('takes the claims of a token for true only where it is verified, or Defender has shown it devices', () => {
    const { lines, report } = reporting('silent');
    const record = recordOf();
    record.unanswered('user1');
    record.answered('user2', 'LIVE', null);
    report(record, 200, 1);
    record.caller = { ...caller, isVerified: true };
    report(record, 200, 1);
    expect(lines.map(({ verified }) => verified)).toEqual([false, true]);
  });

  test('names users and callers where it is told to', () => {
    const { lines, report } = reporting('silent', { logUserNames: true, auditCaller: 'subject' });
    report(recordOf('user1'), 200, 1);
    expect(lines).toMatchObject([{ caller: 'tenant/alice', lookups: [{ user: 'user1' }] }]);
  });

  test('needs several lines for many users, none longer than a container runtime takes', () => {
    const { lines, report } = reporting('silent');
    const names = Array.from({ length: 250 }, (_, index) => `user${index}`.padEnd(40, 'x'));
    report(recordOf(...names), 200, 1);
    const asked = lines.flatMap(({ lookups }) => lookups as { user: string }[]);
    expect(lines).toHaveLength(3);
    expect(asked.map(({ user }) => user)).toEqual(names.map((name) => `hash of ${name}`));
    for (const line of lines) expect(JSON.stringify(line).length).toBeLessThan(16_384);
  });

  test('is written to a file that others can not read, after what is there already', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'audit-')), 'audit.jsonl');
    const log = createLog('silent');
    for (const user of ['user1', 'user2']) {
      const audit = createAudit({ path: file }, log);
      audit.write(recordOf(user), { caller: 'someone', user: (name) => name });
      audit.close();
    }
    const written = () => readFileSync(file, 'utf8').trim().split('\n');
    // A write that is under way when the audit is closed ends by itself.
    while (written().length < 2) await new Promise(setImmediate);
    const lines = written();
    expect(lines.map((line) => (JSON.parse(line) as { lookups: unknown }).lookups)).toEqual([
      [{ user: 'user1', source: 'CACHE', devices: 3 }],
      [{ user: 'user2', source: 'CACHE', devices: 3 }],
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('that can not be written is an error at once', () => {
    expect(() => createAudit({ path: '/nowhere/audit.jsonl' }, createLog('silent'))).toThrow(
      'ENOENT',
    );
  });
});
