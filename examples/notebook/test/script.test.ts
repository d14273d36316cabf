import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { callsByAccount, wrongAnswers } from './answers.ts';
import { setStage } from './stage.ts';

const run = promisify(execFile);
const FOLDER = join(process.cwd(), 'examples/script');

/** As its command line does, with the stage's clock in place of a real wait. */
const ON_THE_FAST_CLOCK = `
  import { machinesByUser } from './user-machines.mjs';
  const { MACHINES, TOKEN, FAST_CLOCK } = process.env;
  const wait = (milliseconds) =>
    fetch(FAST_CLOCK + '/sleep', { method: 'POST', body: JSON.stringify({ seconds: milliseconds / 1000 }) });
  for await (const user of machinesByUser(MACHINES, TOKEN, process.argv.slice(1), wait)) {
    console.log(JSON.stringify(user));
  }`;

interface Line {
  readonly userName: string;
  readonly machines: readonly { readonly id: string }[] | null;
  readonly error?: string;
}

describe('the script in JavaScript', () => {
  test('asks for each of 60 people once, and for nobody too early', async () => {
    const stage = await setStage();
    const names = Array.from({ length: 60 }, (_, index) => `user${index + 1}`);
    const env = await stage.env();
    const lines = await linesOf(
      ['--input-type=module', '--eval', ON_THE_FAST_CLOCK, ...names],
      env,
    );
    const calls = callsByAccount(stage.defender);
    const wrong = wrongAnswers(lines.map(asSaved), stage.defender);
    await stage.close();

    const { rounds, tooEarly } = stage.recorder;
    const toldLater = rounds.reduce((sum, { told }) => sum + told.size, 0);
    console.log(
      `${lines.length} people, ${stage.defender.ledger.total} calls, ${rounds.length} requests`,
    );
    expect(lines.map(({ userName }) => userName).toSorted()).toEqual(names.toSorted());
    expect(wrong).toEqual([]);
    expect([calls.size, stage.defender.ledger.total]).toEqual([60, 60]);
    expect(toldLater).toBeGreaterThan(0);
    expect(tooEarly).toEqual([]);
    expect(new Set(rounds.map(({ priority }) => priority))).toEqual(new Set(['bulk']));
  });

  test('from the command line says what is wrong with a name', async () => {
    const stage = await setStage();
    const lines = await linesOf(['user-machines.mjs', 'a/b', 'user1'], await stage.env());
    await stage.close();

    expect(lines[0]).toMatchObject({ userName: 'a/b', machines: null });
    expect(lines[0]?.error).toContain('Give an account name');
    expect(lines[1]?.machines).toHaveLength(9);
  });
});

async function linesOf(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Line[]> {
  const { stdout } = await run(process.execPath, args, { cwd: FOLDER, env });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function asSaved({ userName, machines }: Line) {
  return { account: userName, machines, problem: null };
}
