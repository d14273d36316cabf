import { spawnSync } from 'node:child_process';

const BINARY = 'promtool';

/** Whether this machine has Prometheus' own checker. Where CI is set it must, so that nothing is skipped there unseen. */
export function hasPromtool(): boolean {
  if (spawnSync(BINARY, ['--version']).status === 0) return true;
  if (process.env.CI) throw new Error('CI needs promtool: install it, see .ci/run');
  process.stderr.write('No promtool on this machine: what needs it is skipped.\n');
  return false;
}

/** Its status, and what it says. */
export function promtool(...args: readonly string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(BINARY, args, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}
