import { afterEach, describe, expect, test } from '@jest/globals';
import { METRICS } from '../../src/telemetry/metrics.ts';
import {
  createExposition,
  serveMetrics,
  type MetricsServer,
} from '../../src/telemetry/prometheus.ts';

let server: MetricsServer | undefined;
afterEach(() => server?.close());

describe('the exposition', () => {
  test('has each metric by name, kind and help, whether or not it has a value', async () => {
    const text = await createExposition().text();
    for (const { name, kind, help } of Object.values(METRICS)) {
      expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`);
    }
  });

  test('counts by labels', async () => {
    const exposition = createExposition();
    const { meter } = exposition;
    meter.add('users', { source: 'cache' }, 3);
    meter.add('users', { source: 'cache' });
    meter.add('users', { source: 'live' });
    const text = await exposition.text();
    expect(text).toContain('user_machines_users_total{source="cache"} 4\n');
    expect(text).toContain('user_machines_users_total{source="live"} 1\n');
  });

  test('tells which part took how long', async () => {
    const exposition = createExposition();
    exposition.meter.observe('callTime', {}, 0.02);
    exposition.meter.observe('callTime', {}, 60);
    const text = await exposition.text();
    expect(text).toContain('user_machines_defender_call_duration_seconds_bucket{le="0.01"} 0\n');
    expect(text).toContain('user_machines_defender_call_duration_seconds_bucket{le="0.025"} 1\n');
    expect(text).toContain('user_machines_defender_call_duration_seconds_bucket{le="+Inf"} 2\n');
    expect(text).toContain('user_machines_defender_call_duration_seconds_count 2\n');
  });

  test('reads what is watched when somebody looks, and forgets what is no longer there', async () => {
    const exposition = createExposition();
    let evictions = 7;
    let budgets = ['a/b'];
    exposition.meter.watch('cacheEvictions', () => [[{}, evictions]]);
    exposition.meter.watch('budgetPaused', async () =>
      budgets.map((budget) => [{ budget }, 1] as const),
    );
    expect(await exposition.text()).toContain('user_machines_cache_evictions_total 7\n');
    evictions = 9;
    budgets = ['c/d'];
    const text = await exposition.text();
    expect(text).toContain('user_machines_cache_evictions_total 9\n');
    expect(text).toContain('user_machines_budget_paused{budget="c/d"} 1\n');
    expect(text).not.toContain('a/b');
  });

  test('has what the process itself can tell', async () => {
    const text = await createExposition().text();
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('process_resident_memory_bytes');
  });
});

test('it is served on a port of its own, and nothing else is', async () => {
  server = await serveMetrics(createExposition(), '127.0.0.1', 0);
  const answer = await fetch(server.url);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  expect(await answer.text()).toContain('user_machines_requests_total');
  expect((await fetch(new URL('/', server.url))).status).toBe(404);
  expect((await fetch(server.url, { method: 'POST' })).status).toBe(404);
});

test('a port that is taken is an error', async () => {
  server = await serveMetrics(createExposition(), '127.0.0.1', 0);
  const port = Number(new URL(server.url).port);
  await expect(serveMetrics(createExposition(), '127.0.0.1', port)).rejects.toThrow('EADDRINUSE');
});
