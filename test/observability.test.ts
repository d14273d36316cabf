import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { METRICS } from '../src/telemetry/metrics.ts';
import { createExposition } from '../src/telemetry/prometheus.ts';

const textOf = (file: string) =>
  readFileSync(path.join(__dirname, '../observability', file), 'utf8');

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: { readonly severity: string };
  readonly annotations?: { readonly summary: string };
}

const { groups } = parse(textOf('prometheus-rules.yml')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly { readonly expr: string }[];
}

const { panels } = JSON.parse(textOf('grafana-dashboard.json')) as {
  readonly panels: readonly Panel[];
};
const charts = panels.filter(({ type }) => type !== 'row');

/** Labels by metric; the series of a histogram are three. */
async function exposed(): Promise<Map<string, ReadonlySet<string>>> {
  const exposition = createExposition();
  const labelsOf = new Map<string, ReadonlySet<string>>();
  for (const [, name = '', kind] of (await exposition.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const own: readonly string[] =
      Object.values(METRICS).find((metric) => metric.name === name)?.labels ?? [];
    const labels = new Set([...own, 'job', 'instance', 'le']);
    labelsOf.set(name, labels);
    if (kind === 'histogram')
      for (const part of ['bucket', 'sum', 'count']) labelsOf.set(`${name}_${part}`, labels);
  }
  return labelsOf;
}

const recorded = rules.flatMap(({ record }) => record ?? []);

describe.each([
  ...rules.map(({ record, alert, expr }) => [`rule ${alert ?? record}`, [expr]] as const),
  ...charts.map(
    ({ title, targets = [] }) => [`chart "${title}"`, targets.map(({ expr }) => expr)] as const,
  ),
])('%s', (_name, expressions) => {
  test('asks for what there is', async () => {
    const known = await exposed();
    expect(expressions.length).toBeGreaterThan(0);
    for (const expr of expressions) {
      const bare = expr.replaceAll(/"[^"]*"/g, '""');
      const names = [...bare.matchAll(/\b(?:user_machines|nodejs|process)[\w:]+/g)].map(
        ([name]) => name,
      );
      for (const name of names) expect([...known.keys(), ...recorded]).toContain(name);
      if (names.length === 0) expect(expr).toMatch(/^up\{/);
      for (const [, name = '', matchers = ''] of bare.matchAll(
        /\b((?:user_machines)[\w]+)\{([^}]*)\}/g,
      )) {
        const labels = [...matchers.matchAll(/(\w+)=/g)].map(([, label]) => label);
        for (const label of labels) expect([...(known.get(name) ?? [])]).toContain(label);
      }
      const open = bare.match(/\(/g)?.length ?? 0;
      expect(bare.match(/\)/g) ?? []).toHaveLength(open);
    }
  });
});

test('each alert says how bad it is and what it means, once', () => {
  const alerts = rules.filter(({ alert }) => alert !== undefined);
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  for (const { labels, annotations } of alerts) {
    expect(labels?.severity).toMatch(/^(critical|warning|info)$/);
    expect(annotations?.summary).toBeTruthy();
  }
});

test('each metric of this service is on the dashboard', () => {
  const all = charts.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join(' ');
  for (const { name } of Object.values(METRICS)) expect(all).toContain(name);
});

test('no chart lies on another', () => {
  for (const one of panels) {
    for (const other of panels.filter(({ id }) => id > one.id)) {
      const [a, b] = [one.gridPos, other.gridPos];
      const isApart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      expect([one.title, other.title, isApart]).toEqual([one.title, other.title, true]);
    }
  }
});
