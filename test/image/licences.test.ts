import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');

/** Licences under which the image may be passed on with no more than a notice. */
const ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
];

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
}

/** Of a component whose package names no licence in its own words. */
function licencesOf({ licenses = [] }: Component): string[] {
  return licenses.map(
    ({ license, expression }) => expression ?? license?.id ?? license?.name ?? '',
  );
}

/** An expression such as "(MIT OR Apache-2.0)" is allowed where one of its parts is. */
function isAllowed(licence: string): boolean {
  const [first = '', ...rest] = licence.replaceAll(/[()]/g, '').split(' OR ');
  return [first, ...rest].some((one) => one.split(' AND ').every((part) => ALLOWED.includes(part)));
}

test('every dependency of the image has a licence that is allowed', () => {
  const sbom = JSON.parse(
    execFileSync(
      'npm',
      ['sbom', '--omit=dev', '--package-lock-only', '--sbom-format=cyclonedx', '--offline'],
      { cwd: ROOT, encoding: 'utf8', maxBuffer: 64_000_000, stdio: ['ignore', 'pipe', 'ignore'] },
    ),
  ) as { readonly components: readonly Component[] };
  expect(sbom.components.length).toBeGreaterThan(100);
  const refused = sbom.components.filter((component) => {
    const licences = licencesOf(component);
    return licences.length === 0 || !licences.every(isAllowed);
  });
  const named = refused.map((one) => `${one.name}@${one.version}: ${licencesOf(one).join()}`);
  expect(named).toEqual([]);
  process.stdout.write(`licences: ${sbom.components.length} dependencies, all allowed\n`);
});

test.each([
  ['MIT', true],
  ['(GPL-3.0 OR MIT)', true],
  ['MIT AND GPL-3.0', false],
  ['AGPL-3.0', false],
  ['', false],
])('%j is allowed: %p', (licence, expected) => {
  expect(isAllowed(licence)).toBe(expected);
});
