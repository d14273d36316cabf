import { expect, test } from '@jest/globals';
import { createLog } from '../../src/telemetry/log.ts';
import { RequestRecord } from '../../src/telemetry/record.ts';
import { createReport } from '../../src/telemetry/report.ts';
import { tally } from './tally.ts';

function reporting() {
  const lines: object[] = [];
  const { meter, counts } = tally();
  const report = createReport({
    log: createLog('info', { write: (line) => void lines.push(JSON.parse(line)) }),
    meter,
    audit: undefined,
    pseudonym: (name) => `hash of ${name}`,
    logUserNames: true,
    auditCaller: 'subject',
  });
  return { lines, counts, report };
}

test('a request is one line, without what is zero, and without names', () => {
  const { lines, report } = reporting();
  const record = new RequestRecord('request-1', '10.0.0.7', false);
  record.caller = { partition: 'p', subject: 'tenant/alice', isVerified: true };
  record.operation = 'Devices';
  record.answered('user1', 'LIVE', 2);
  record.answered('user2', 'CACHE', 0);
  record.unanswered('user3');
  record.error('RATE_LIMITED');
  record.calls = 1;
  record.waitedMilliseconds = 12.3;
  report(record, 200, 34.56);
  expect(lines).toEqual([
    {
      level: 30,
      time: expect.any(String),
      msg: 'request',
      requestId: 'request-1',
      client: '10.0.0.7',
      caller: 'hash of tenant/alice',
      operation: 'Devices',
      road: 'ordinary',
      users: 3,
      live: 1,
      cached: 1,
      failed: 1,
      calls: 1,
      waitedMs: 12,
      errors: { RATE_LIMITED: 1 },
      status: 200,
      ms: 34.6,
    },
  ]);
});

test('a caller whose token names nobody is called by the partition', () => {
  const { lines, report } = reporting();
  const record = new RequestRecord('request-1', '10.0.0.7', false);
  record.caller = { partition: 'p', isVerified: false };
  report(record, 200, 1);
  expect(lines).toMatchObject([{ caller: 'hash of p' }]);
});

test('each call that was saved is counted once, in the layer that saved it', () => {
  const { counts, report } = reporting();
  const record = new RequestRecord('request-1', '10.0.0.7', false);
  record.asks = 12;
  for (let user = 0; user < 5; user += 1) record.answered(`cached${user}`, 'CACHE', 1);
  for (let user = 0; user < 3; user += 1) record.answered(`live${user}`, 'LIVE', 1);
  record.answered('stale', 'STALE', 1);
  record.joined = 2;
  record.pooled = 1;
  report(record, 200, 1);
  record.road = 'rendered';
  report(record, 200, 1);
  expect(counts).toMatchObject({
    'requests ordinary 200': 1,
    'requests rendered 200': 1,
    'users cache': 10,
    'users live': 6,
    'users stale': 2,
    'saved loader': 6,
    'saved flight': 4,
    'saved shared_cache': 2,
    'saved stale': 2,
    'saved cache': 4,
    'saved rendered': 4,
  });
  expect(counts).not.toHaveProperty(['users failed']);
});

test('a name of an operation that is longer than any person gives is cut', () => {
  const { lines, report } = reporting();
  const record = new RequestRecord('request-1', '10.0.0.7', false);
  record.operation = 'x'.repeat(1_000_000);
  report(record, 200, 1);
  expect(lines).toMatchObject([{ operation: 'x'.repeat(100) }]);
});
