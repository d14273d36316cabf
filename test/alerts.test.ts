import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { hasPromtool, promtool } from './promtool.ts';

const FOLDER = path.join(__dirname, '../observability');
const RULES = path.join(FOLDER, 'prometheus-rules.yml');

const { groups } = parse(readFileSync(RULES, 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string }[] }[];
};
const alerts = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));

const JOB = 'job="security/user-machines",instance="10.0.0.1:9464"';
/** An hour's values, one a minute: from the first number on, so much more each minute. */
const grows = (by: number) => `0+${by}x60`;
const stays = (at: number) => `${at}+0x60`;
const metric = (name: string, labels: Readonly<Record<string, string>> = {}) =>
  `user_machines_${name}{${[JOB, ...Object.entries(labels).map(([key, value]) => `${key}="${value}"`)].join(',')}}`;

type Series = Readonly<Record<string, string>>;

/** A service with which all is well. */
const CALM: Series = {
  [metric('users_total', { source: 'cache' })]: grows(900),
  [metric('users_total', { source: 'live' })]: grows(100),
  [metric('users_total', { source: 'failed' })]: grows(1),
  [metric('shed_total', { pressure: 'event_loop' })]: stays(3),
  [metric('errors_total', { code: 'FORBIDDEN' })]: grows(1),
  [metric('defender_calls_total', { status: '200' })]: grows(100),
  [metric('defender_call_duration_seconds_bucket', { le: '0.5' })]: grows(100),
  [metric('defender_call_duration_seconds_bucket', { le: '+Inf' })]: grows(100),
  [metric('budget_remaining_calls', { budget: 'b', window: 'hour' })]: stays(1_000),
  [metric('budget_limit_calls', { budget: 'b', window: 'hour' })]: stays(1_500),
  [metric('budget_refusals_total', { priority: 'bulk', reason: 'minute' })]: grows(5),
  [metric('budget_pauses_total')]: stays(1),
  [metric('login_requests_total', { purpose: 'exchange', status: '200' })]: grows(10),
  [metric('login_requests_total', { purpose: 'exchange', status: '400' })]: grows(1),
  [metric('identities_total', { outcome: 'accepted' })]: grows(100),
  [metric('identities_total', { outcome: 'refused' })]: grows(1),
  [metric('cache_entries')]: stays(1_000),
  [metric('cache_evictions_total')]: grows(1),
  [metric('redis_ready')]: stays(1),
  [`nodejs_eventloop_lag_p99_seconds{${JOB}}`]: stays(0.02),
  [`up{${JOB}}`]: stays(1),
};

/** What has to be otherwise for each alert to fire, and no other. */
const FIRES: Readonly<Record<string, Series>> = {
  UserMachinesFailing: { [metric('users_total', { source: 'failed' })]: grows(100) },
  UserMachinesFaults: { [metric('errors_total', { code: 'INTERNAL_SERVER_ERROR' })]: grows(1) },
  UserMachinesDefenderFailing: {
    [metric('defender_calls_total', { status: '503' })]: grows(10),
    [metric('defender_calls_total', { status: 'UPSTREAM_TIMEOUT' })]: grows(10),
  },
  UserMachinesDefenderSlow: {
    [metric('defender_call_duration_seconds_bucket', { le: '0.5' })]: grows(10),
    [metric('defender_call_duration_seconds_bucket', { le: '10' })]: grows(100),
  },
  UserMachinesBudgetLow: {
    [metric('budget_remaining_calls', { budget: 'b', window: 'hour' })]: stays(100),
  },
  UserMachinesCallersRefused: {
    [metric('budget_refusals_total', { priority: 'interactive', reason: 'hour' })]: grows(1),
  },
  UserMachinesPaused: { [metric('budget_pauses_total')]: grows(1) },
  UserMachinesLoginFailing: {
    [metric('login_requests_total', { purpose: 'keys', status: 'error' })]: grows(1),
  },
  UserMachinesExchangesRefused: {
    [metric('login_requests_total', { purpose: 'exchange', status: '400' })]: grows(20),
  },
  UserMachinesCallersUnknown: { [metric('identities_total', { outcome: 'refused' })]: grows(200) },
  UserMachinesHitRatioLow: { [metric('users_total', { source: 'cache' })]: grows(10) },
  UserMachinesCacheTooSmall: { [metric('cache_evictions_total')]: grows(100) },
  UserMachinesUnknownValue: {
    [metric('unknown_values_total', { property: 'riskScore' })]: grows(1),
  },
  UserMachinesEventLoopSlow: { [`nodejs_eventloop_lag_p99_seconds{${JOB}}`]: stays(0.5) },
  UserMachinesShedding: { [metric('shed_total', { pressure: 'heap' })]: grows(10) },
  UserMachinesRedisGone: { [metric('redis_ready')]: stays(0) },
  UserMachinesGone: { [`up{${JOB}}`]: stays(0) },
};

function rulesTested(fires: string | undefined): { status: number | null; said: string } {
  const series = { ...CALM, ...(fires !== undefined && FIRES[fires]) };
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'rules-')), 'test.yml');
  writeFileSync(
    file,
    stringify({
      rule_files: [RULES],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          promql_expr_test: [
            {
              expr: 'group by (alertname) (ALERTS{alertstate="firing"})',
              eval_time: '1h',
              exp_samples:
                fires === undefined ? [] : [{ labels: `{alertname="${fires}"}`, value: 1 }],
            },
          ],
        },
      ],
    }),
  );
  return promtool('test', 'rules', file);
}

const describeWithPromtool = hasPromtool() ? describe : describe.skip;

describeWithPromtool('Prometheus', () => {
  test('takes the rules', () => {
    expect(promtool('check', 'rules', '--lint-fatal', RULES)).toMatchObject({ status: 0 });
  });

  test('takes each expression of the dashboard', () => {
    const { panels } = JSON.parse(
      readFileSync(path.join(FOLDER, 'grafana-dashboard.json'), 'utf8'),
    ) as {
      readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
    };
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const rules = expressions.map((expr, index) => ({
      record: `chart:number${index}`,
      // What Grafana fills in.
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll(/\$\w+/g, '.*'),
    }));
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'charts-')), 'rules.yml');
    writeFileSync(file, stringify({ groups: [{ name: 'charts', rules }] }));
    const { status, said } = promtool('check', 'rules', file);
    expect(said).toContain(`${expressions.length} rules found`);
    expect([status, expressions.length > 20]).toEqual([0, true]);
  });

  test('stays calm while all is well', () => {
    expect(rulesTested(undefined)).toMatchObject({ status: 0 });
  });

  test.each(Object.keys(FIRES))('%s fires when it should, and no other does', (alert) => {
    expect(rulesTested(alert)).toMatchObject({ status: 0 });
  });

  test('each alert is among these', () => {
    expect(Object.keys(FIRES)).toEqual(alerts);
  });
});
