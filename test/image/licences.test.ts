import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Licences under which the image may be passed on with no more than a notice. */
const ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
];

/**
 * Comes with @apollo/subgraph, as with every federation library of Apollo's. The Elastic License forbids to offer the
 * library itself to others as a managed service, and to hide its notices; a subgraph of one's own is neither.
 */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  '@apollo/federation-internals': 'Elastic-2.0',
};

interface Locked {
  readonly dev?: boolean;
  readonly license?: string;
}

/** By where they are installed. The lock file itself, as `npm sbom --omit=dev` leaves some out. */
function dependenciesOfTheImage(): [string, Locked][] {
  const lock = readFileSync(path.join(__dirname, '../../package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { readonly packages: Readonly<Record<string, Locked>> };
  return Object.entries(packages).filter(([at, { dev }]) => at !== '' && !dev);
}

/** An expression such as "(MIT OR GPL-3.0)" is allowed where one of its parts is. */
function isAllowed(licence: string): boolean {
  const choices = licence.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((one) => one.split(' AND ').every((part) => ALLOWED.includes(part)));
}

test('every dependency of the image has a licence that is allowed', () => {
  const dependencies = dependenciesOfTheImage();
  expect(dependencies.length).toBeGreaterThan(150);
  const refused = dependencies.flatMap(([at, { license = 'none' }]) => {
    const name = at.split('node_modules/').at(-1) ?? at;
    return isAllowed(license) || EXCEPTIONS[name] === license ? [] : [`${name}: ${license}`];
  });
  expect(refused).toEqual([]);
  process.stdout.write(`licences: ${dependencies.length} dependencies of the image, all allowed\n`);
});

test.each([
  ['MIT', true],
  ['(GPL-3.0 OR MIT)', true],
  ['(MIT AND BSD-3-Clause)', true],
  ['MIT AND GPL-3.0', false],
  ['Elastic-2.0', false],
  ['none', false],
])('%j is allowed: %p', (licence, expected) => {
  expect(isAllowed(licence)).toBe(expected);
});
