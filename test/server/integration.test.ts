import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.join(__dirname, '../..');

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: 'passed' | 'failed' | 'pending';
    }[];
  }[];
}

const PLAIN_TEXT = 'A body of plain text is 415 here, before it comes to Apollo Server.';

/** Every test of Apollo Server's suite for its integrations that fails here, and why. */
const FAILED: Readonly<Record<string, string>> = {
  'lockstep versioning of @apollo/server and @apollo/server-integration-testsuite':
    'The suite has no release for 5.5.1, a patch of Apollo Server alone.',
  'CSRF prevention default': PLAIN_TEXT,
  'graphqlHTTP throws an error if invalid content-type': PLAIN_TEXT,
  'graphqlHTTP throws an error if POST body is empty':
    'What has no body has no type either, and is 415 here as well.',
};

/** And those that it leaves out itself. */
const NEEDS_GRAPHQL_17 = /defer|stream|graphql@17|incremental/;

test('Apollo Server behind this service passes the suite for integrations, but for what is explained', async () => {
  const program = path.join(ROOT, 'node_modules/jest/bin/jest.js');
  const args = ['-c', 'test/server/integration/jest.config.js', '--json', '--silent', '-i'];
  const options = { cwd: ROOT, maxBuffer: 100_000_000 };
  // It ends with a status of its own where a test fails.
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], options).catch(
    (error: { stdout: string }) => error,
  );
  const { testResults } = JSON.parse(stdout) as Report;
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string) =>
    results
      .filter((result) => result.status === status)
      // Below the suite and its file.
      .map(({ ancestorTitles, title }) => [...ancestorTitles.slice(3), title].join(' '));
  const failed = named('failed');
  process.stdout.write(
    `Apollo Server's suite for integrations: ${named('passed').length} passed, ${failed.length} explained\n` +
      failed.map((name) => `  ${name}: ${FAILED[name]}\n`).join(''),
  );
  expect(failed.toSorted()).toEqual(Object.keys(FAILED).toSorted());
  for (const name of named('pending')) expect(name).toMatch(NEEDS_GRAPHQL_17);
  expect(named('passed').length).toBeGreaterThan(200);
}, 120_000);
