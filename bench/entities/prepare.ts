import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const CONTESTANTS = 'bench/contestants';

/** Installs the contestants where they are missing, and builds this service and bench's processes where they are older. */
export function prepare(): void {
  if (!existsSync(`${CONTESTANTS}/node_modules`)) run('npm', ['ci', '--prefix', CONTESTANTS]);
  const sources = newest('src', 'schema', 'package-lock.json');
  if (sources > newest('dist/main.js')) run('npm', ['run', 'build']);
  const children = newest('bench/entities', 'emulator', CONTESTANTS);
  if (Math.max(sources, children) > newest(`${CONTESTANTS}/dist/bench/entities/child.js`)) {
    run('npx', ['tsc', '-p', `${CONTESTANTS}/tsconfig.build.json`]);
  }
}

function run(command: string, args: readonly string[]): void {
  process.stderr.write(`${command} ${args.join(' ')}\n`);
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ends with ${status}`);
}

/** Milliseconds since the epoch of the newest file's last change; 0 where there is none. */
function newest(...places: readonly string[]): number {
  const times = places.map((place) => {
    const found = statSync(place, { throwIfNoEntry: false });
    if (!found) return 0;
    if (!found.isDirectory()) return found.mtimeMs;
    const inside = readdirSync(place).filter((name) => !['node_modules', 'dist'].includes(name));
    return newest(...inside.map((name) => path.join(place, name)));
  });
  return Math.max(0, ...times);
}
