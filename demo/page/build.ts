import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../../examples/web', import.meta.url));
const DIST = fileURLToPath(new URL('../../examples/web/dist', import.meta.url));

/** The built page's folder. Where it is missing, builds it, and `say`s so. Rejects with what went wrong. */
export async function builtPage(say: (line: string) => void): Promise<string> {
  if (existsSync(`${DIST}/index.html`)) return DIST;
  say('Building the page in examples/web, this once (npm ci, vite build): about half a minute.');
  if (!existsSync(`${PACKAGE}/node_modules/vite`)) await npm('ci', '--omit=dev');
  await npm('run', 'build');
  return DIST;
}

async function npm(...args: readonly string[]): Promise<void> {
  const child = spawn('npm', [...args], {
    cwd: PACKAGE,
    stdio: 'ignore',
    shell: process.platform === 'win32',
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) {
    throw new Error(`"npm ${args.join(' ')}" failed: run it in examples/web to see why`);
  }
}
