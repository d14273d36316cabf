import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { clouds } from '../src/clouds.ts';
import { loadConfig, SECRETS } from '../src/config.ts';
import { entraVariables } from '../src/config/entra.ts';
import { REDIS_URL_RULE } from '../src/redis/address.ts';
import { createAudit } from '../src/telemetry/audit.ts';
import { createLog } from '../src/telemetry/log.ts';
import { METRICS, noMeter } from '../src/telemetry/metrics.ts';
import { RequestRecord } from '../src/telemetry/record.ts';
import { createReport } from '../src/telemetry/report.ts';
import { openRoad } from './road.ts';

const ROOT = path.join(__dirname, '..');
const readme = textOf('README.md');

function textOf(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** The cells of the table under a heading, without its head. */
function tableUnder(heading: string): string[][] {
  const [, section = ''] = readme.split(`\n${heading}\n`);
  const [, , ...rows] = (section.split(/\n##/)[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return rows.map((row) =>
    row
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

function plain(cell = ''): string {
  return cell.replaceAll('`', '');
}

function fences(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
}

describe('the tables of variables', () => {
  const rowsUnder = (heading: string) =>
    tableUnder(heading).map(([name, fallback, rule]) => ({
      name: plain(name),
      fallback: plain(fallback),
      rule: plain(rule),
    }));
  const everywhere = rowsUnder('## Configuration');
  const entra = rowsUnder('### On behalf of the caller');
  const rows = [...everywhere, ...entra];
  const GUID = '3f1b6c2e-8a47-4d0b-9c55-6e2d1a7f4b90';
  const FORWARD = { DEFENDER_CLOUD: 'global' };
  const ON_BEHALF_OF = {
    ...FORWARD,
    AUTH_MODE: 'on-behalf-of',
    ENTRA_CLIENT_ID: GUID,
    ENTRA_CLIENT_SECRET: 'secret',
    ENTRA_TENANT_ID: GUID,
  };

  test('have exactly the variables that the service reads, in the order of the alphabet', () => {
    const files = readdirSync(path.join(ROOT, 'src/config')).map((file) => `src/config/${file}`);
    const read = ['src/config.ts', ...files].flatMap((file) => [
      ...textOf(file).matchAll(/^ +([A-Z][A-Z_]+): /gm),
    ]);
    const names = (some: readonly { name: string }[]) => some.map(({ name }) => name);
    expect(names(rows).toSorted()).toEqual(read.map(([, name = '']) => name).toSorted());
    expect(names(everywhere)).toEqual(names(everywhere).toSorted());
    expect(names(entra)).toEqual(Object.keys(entraVariables));
    expect(everywhere.length).toBeGreaterThan(10);
  });

  test.each([
    ['forward', FORWARD],
    ['on-behalf-of', ON_BEHALF_OF],
  ])('have the right defaults in mode %s', (_mode, env) => {
    const defaults = Object.fromEntries(rows.map(({ name, fallback }) => [name, fallback]));
    expect(loadConfig({ ...defaults, ...env })).toEqual(loadConfig(env));
  });

  test.each(rows.filter(({ rule }) => / to /.test(rule)))(
    'have the right range for $name',
    ({ name, rule }) => {
      const [least = Number.NaN, most = Number.NaN] = rule.split(' to ').map(Number);
      expect(() => loadConfig({ ...FORWARD, [name]: 'none' })).toThrow(
        `${name} must be a whole number from ${least} to ${most}`,
      );
    },
  );

  const listsOfSecrets = everywhere.filter(({ rule }) => rule.startsWith('secrets '));

  test.each(listsOfSecrets)('have the right rule for $name', ({ name, rule }) => {
    expect(() => loadConfig({ ...FORWARD, [name]: 'none' })).toThrow(`${name} must be ${rule}`);
  });

  test('are followed by every form of a Redis address', () => {
    const forms = REDIS_URL_RULE.replace('must be ', '').split(/, | or /);
    expect(tableUnder('### Several replicas').map(([form]) => plain(form))).toEqual(forms);
  });

  test.each(everywhere.filter(({ rule }) => rule.includes(', ')))(
    'have the right values for $name',
    ({ name, rule }) => {
      expect(() => loadConfig({ ...FORWARD, [name]: 'none' })).toThrow(
        `${name} must be one of ${rule}`,
      );
    },
  );

  test.each(entra.filter(({ rule }) => rule !== '' && !rule.startsWith('an https origin')))(
    'have the right rule for $name',
    ({ name, rule }) => {
      expect(() => loadConfig({ ...ON_BEHALF_OF, [name]: '!,' })).toThrow(
        `${name} must be ${rule}`,
      );
    },
  );

  test('name the file that each secret may come from', () => {
    for (const name of SECRETS) expect(readme).toContain(`\`${name}_FILE\``);
  });
});

test('the table of codes has exactly the codes of a failure', () => {
  const [, union = ''] = textOf('src/errors.ts').split('export type FailureCode =');
  const codes = [...(union.split(';')[0] ?? '').matchAll(/'(\w+)'/g)].map(([, code]) => code);
  expect(tableUnder('## When it fails').map(([code]) => plain(code))).toEqual(codes);
  expect(codes.length).toBeGreaterThan(5);
});

test('every detail that a failure may carry is named', () => {
  const [, details = ''] = textOf('src/errors.ts').split('export interface FailureDetails {');
  const names = [...(details.split('\n}')[0] ?? '').matchAll(/readonly (\w+)\?/g)];
  expect(names.length).toBeGreaterThan(0);
  for (const [, name] of names) expect(readme).toContain(`\`extensions.${name}\``);
});

test('the table of clouds has the host and the audience of each', () => {
  const written = tableUnder('### Which token').flatMap(([names, host, audience]) =>
    plain(names)
      .split(', ')
      .map((name) => ({ name, host: plain(host).split(' ')[0] ?? '', audience: plain(audience) })),
  );
  expect(written).toEqual(
    Object.entries(clouds).map(([name, { apiUrl, tokenAudience }]) => ({
      name,
      host: apiUrl.replace(/\/\/(eu|uk|au|swa|ina)\./, '//us.'),
      audience: tokenAudience,
    })),
  );
});

describe('what is said of watching it', () => {
  function recorded() {
    const lines: Record<string, unknown>[] = [];
    const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
    const report = createReport({
      log,
      meter: noMeter,
      audit: createAudit('log', log),
      pseudonym: (name) => name,
      logUserNames: false,
      auditCaller: 'hash',
    });
    const record = new RequestRecord('request-1', '10.0.0.7', true);
    record.caller = { partition: 'p', isVerified: true };
    record.operation = 'Devices';
    record.traceId = 'trace';
    Object.assign(record, { joined: 1, pooled: 1, calls: 1, waitedMilliseconds: 1 });
    for (const source of ['LIVE', 'CACHE', 'STALE'] as const) record.answered(source, source, 1);
    record.unanswered('failed');
    record.error('FORBIDDEN');
    report(record, 200, 1);
    const [request = {}, audit = {}] = lines;
    return { request, audit };
  }
  const examples = fences('json')
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .filter(({ msg }) => msg !== undefined);

  test('has each field of the line of a request', () => {
    const named = tableUnder('### The log').flatMap(([fields]) => plain(fields).split(', '));
    expect(named.toSorted()).toEqual(Object.keys(recorded().request).toSorted());
  });

  test('shows a line and an event as they are written', () => {
    const [request = {}, audit = {}, ...others] = examples;
    expect([request['msg'], audit['msg'], others]).toEqual(['request', 'audit', []]);
    expect(Object.keys(recorded().request)).toEqual(expect.arrayContaining(Object.keys(request)));
    expect(Object.keys(audit).toSorted()).toEqual(Object.keys(recorded().audit).toSorted());
  });

  test('has each span', () => {
    const files = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
    const spans = files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...textOf(`src/${file}`).matchAll(/(?:tracing\??\.start|traced)\(\s*['`]([^'`$]+)/g),
      ])
      .map(([, name = '']) => name);
    expect(spans.length).toBeGreaterThan(6);
    const [, section = ''] = readme.split('\n### Traces\n');
    for (const span of spans) expect(section).toContain(`\`${span}`);
  });

  test('has each metric, its kind and its labels, and no other', () => {
    const rows = [
      ...textOf('observability/README.md').matchAll(/^\| `(user_machines_\w+)` (.*)$/gm),
    ];
    const written = rows.map(([, name, rest = '']) => {
      const [, labels, kind] = rest
        .split('|')
        .map(plain)
        .map((cell) => cell.trim());
      return { name, labels, kind };
    });
    expect(written).toEqual(
      Object.values(METRICS).map(({ name, labels, kind }) => ({
        name,
        labels: labels.join(', '),
        kind,
      })),
    );
  });
});

test('every npm script that is named exists', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const named = [...readme.matchAll(/npm (?:run )?(start|test|(?<=run )[\w:]+)/g)];
  expect(named.length).toBeGreaterThan(5);
  for (const [, name = ''] of named) expect(scripts).toHaveProperty([name]);
});

test.each(['README.md', 'SECURITY.md'])('every file that %s links exists', (file) => {
  const links = [...textOf(file).matchAll(/\]\(((?!https:)[^#)][^)]*)\)|^\[[\w.]+\]: (\S+)$/gm)];
  expect(links.length).toBeGreaterThan(3);
  for (const [, inline, reference] of links) expect(textOf(inline ?? reference ?? '')).not.toBe('');
});

test('every test that SECURITY.md names by a word has its file', () => {
  const security = textOf('SECURITY.md');
  const named = [...security.matchAll(/\[([\w.]+)\](?![:(])/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(20);
  for (const name of named) expect(security).toContain(`\n[${name}]: test/`);
});

test('what a router sends is answered as shown', async () => {
  const [, query = ''] = fences('graphql');
  const [, variables = '', answer = ''] = fences('json');
  const road = await openRoad();
  try {
    const { data, errors } = await road.ask({
      query,
      variables: JSON.parse(variables) as object,
      as: 'alice',
    });
    expect({ errors, data }).toEqual(JSON.parse(answer));
  } finally {
    await road.close();
  }
});
