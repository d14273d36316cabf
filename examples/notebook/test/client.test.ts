import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectPackages } from './debian.ts';
import { FOLDER, PYTHON } from './notebook.ts';

const run = promisify(execFile);

beforeAll(expectPackages);

describe('the client in Python', () => {
  test('passes its own tests', async () => {
    const { stderr } = await python('-m', 'unittest', 'discover', '-s', 'test');
    const [line, count] = /^Ran (\d+) tests/m.exec(stderr) ?? [];
    console.log(
      `${line}, ${readdirSync(`${FOLDER}/defender_machines`).length} files of the client`,
    );
    expect(Number(count)).toBeGreaterThan(20);
    expect(stderr).toContain('\nOK\n');
  });

  test('has types that hold', async () => {
    const strict = ['--strict', '--ignore-missing-imports', '--disable-error-code=import'];
    const cache = '--cache-dir=/dev/null';
    const { stdout } = await python('-m', 'mypy', ...strict, cache, 'defender_machines', 'test');
    expect(stdout).toContain('Success');
  });
});

/** Rejects with what it says where it ends with another status than 0. */
async function python(...args: readonly string[]) {
  return run(PYTHON, args, {
    cwd: FOLDER,
    env: { PATH: '/usr/bin:/bin', PYTHONPATH: '.:test', PYTHONDONTWRITEBYTECODE: '1' },
  });
}
