import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { clouds } from '../src/clouds.ts';
import { loadConfig } from '../src/config.ts';
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

describe('the table of variables', () => {
  const rows = tableUnder('## Configuration').map(([name, fallback, rule]) => ({
    name: plain(name),
    fallback: plain(fallback),
    rule: plain(rule),
  }));
  const CLOUD = { DEFENDER_CLOUD: 'global' };

  test('has exactly the variables that the service reads', () => {
    const read = [...textOf('src/config.ts').matchAll(/^ +([A-Z][A-Z_]+): /gm)];
    expect(rows.map(({ name }) => name)).toEqual(read.map(([, name]) => name));
    expect(rows.length).toBeGreaterThan(10);
  });

  test('has the right defaults', () => {
    const defaults = Object.fromEntries(rows.map(({ name, fallback }) => [name, fallback]));
    expect(loadConfig({ ...defaults, ...CLOUD })).toEqual(loadConfig(CLOUD));
  });

  test.each(rows.filter(({ rule }) => / to /.test(rule)))(
    'has the right range for $name',
    ({ name, rule }) => {
      const [least = Number.NaN, most = Number.NaN] = rule.split(' to ').map(Number);
      expect(() => loadConfig({ ...CLOUD, [name]: 'none' })).toThrow(
        `${name} must be a whole number from ${least} to ${most}`,
      );
    },
  );

  test.each(rows.filter(({ rule, name }) => rule.includes(', ') || name === 'AUTH_MODE'))(
    'has the right values for $name',
    ({ name, rule }) => {
      expect(() => loadConfig({ ...CLOUD, [name]: 'none' })).toThrow(
        `${name} must be one of ${rule}`,
      );
    },
  );
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

test('every npm script that is named exists', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const named = [...readme.matchAll(/npm (?:run )?(start|test|(?<=run )[\w:]+)/g)];
  expect(named.length).toBeGreaterThan(5);
  for (const [, name = ''] of named) expect(scripts).toHaveProperty([name]);
});

test('every file that is linked exists', () => {
  const links = [...readme.matchAll(/\]\(([^#)][^)]*)\)/g)];
  expect(links.length).toBeGreaterThan(3);
  for (const [, link = ''] of links) expect(textOf(link)).not.toBe('');
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
