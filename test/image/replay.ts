import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../freePort.ts';
import { build, inside, machineEnvironment, type Image } from './build.ts';
import { parseDockerfile } from './dockerfile.ts';

// Replays the Dockerfile without a container engine: its steps run in empty folders with this machine's Node, then the
// server that they leave behind is started, asked for its health, and stopped.

const CONTEXT = path.join(import.meta.dirname, '../..');
const STOP_TIMEOUT = 10_000;

const scratch = mkdtempSync(path.join(tmpdir(), 'image-'));
try {
  const stages = parseDockerfile(readFileSync(path.join(CONTEXT, 'Dockerfile'), 'utf8'));
  const image = build(stages, CONTEXT, scratch);
  checkImage(image);
  checkContents(image);
  checkUnconfigured(image);
  await checkServer(image);
  process.stdout.write('The Dockerfile replays, and its server starts, is healthy and stops.\n');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function checkImage({ base, user, env }: Image): void {
  assert.match(base, /^node:\d+-slim$/, 'the base is a slim Node image');
  assert.match(user, /^[1-9]\d*$/, 'the user is a number, and not that of root');
  assert.equal(env['NODE_ENV'], 'production');
  assert.equal(env['HOST'], '0.0.0.0', 'a container must listen beyond its own loopback');
  assert.equal(env['METRICS_HOST'], '0.0.0.0', 'and be measured from there');
  assert.equal(env['METRICS_PORT'], undefined, 'but not without being asked to');
}

function checkContents(image: Image): void {
  assert.deepEqual(
    readdirSync(inside(image, '.')).toSorted(),
    ['dist', 'node_modules', 'package.json', 'sbom.cdx.json', 'schema'],
    'the image holds the built server, its schema, its dependencies and their list alone',
  );
  assert.deepEqual(
    readdirSync(inside(image, 'dist')).filter((name) =>
      /^(emulator|demo|examples|test)/.test(name),
    ),
    [],
  );
  const { packages } = JSON.parse(
    readFileSync(inside(image, 'node_modules/.package-lock.json'), 'utf8'),
  ) as {
    readonly packages: Readonly<
      Record<string, { readonly dev?: boolean; readonly version?: string }>
    >;
  };
  assert.ok(Object.keys(packages).length > 0);
  const development = Object.keys(packages).filter((name) => packages[name]?.dev);
  assert.deepEqual(development, [], 'no development dependency is in the image');

  const { components } = JSON.parse(readFileSync(inside(image, 'sbom.cdx.json'), 'utf8')) as {
    readonly components: readonly { readonly name: string; readonly version: string }[];
  };
  const installed = Object.entries(packages).map(
    ([at, { version }]) => `${at.split('node_modules/').at(-1)}@${version}`,
  );
  assert.deepEqual(
    new Set(components.map(({ name, version }) => `${name}@${version}`)),
    new Set(installed),
    'the list of what is in the image names each dependency',
  );
  process.stdout.write(`sbom.cdx.json names all ${components.length} dependencies.\n`);

  const { devDependencies } = JSON.parse(
    readFileSync(path.join(CONTEXT, 'package.json'), 'utf8'),
  ) as { readonly devDependencies: Readonly<Record<string, string>> };
  const strays = Object.keys(devDependencies).filter((name) => `node_modules/${name}` in packages);
  assert.deepEqual(strays, [], 'no development dependency is in the image');
}

function checkUnconfigured(image: Image): void {
  const { status, stderr } = runInside(image, image.command, {}, STOP_TIMEOUT);
  assert.equal(status, 1, 'without configuration the image stops at once');
  assert.match(stderr, /DEFENDER_CLOUD is missing/);
}

async function checkServer(image: Image): Promise<void> {
  const { healthCheck } = image;
  assert.ok(healthCheck, 'the image has a health check');
  const env = { DEFENDER_CLOUD: 'global', HOST: '127.0.0.1', PORT: String(await freePort()) };
  const isHealthy = () =>
    runInside(image, healthCheck.command, env, healthCheck.timeout).status === 0;
  assert.ok(!isHealthy(), 'the health check fails while there is no server');

  const [program = '', ...rest] = image.command;
  const server = spawn(program, rest, {
    cwd: inside(image, '.'),
    env: { ...machineEnvironment, ...image.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(server, 'exit');
  try {
    const end = Date.now() + healthCheck.startPeriod;
    while (!isHealthy()) {
      assert.ok(isRunning(server) && Date.now() < end, 'the server is healthy within start-period');
      await pause(200);
    }
    server.kill('SIGTERM');
    const [status] = await Promise.race([
      exited,
      pause(STOP_TIMEOUT, ['no status'], { ref: false }),
    ]);
    assert.equal(status, 0, 'SIGTERM ends the server with status 0');
  } finally {
    if (isRunning(server)) server.kill('SIGKILL');
  }
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function runInside(
  image: Image,
  [program = '', ...rest]: readonly string[],
  env: Readonly<Record<string, string>>,
  timeout: number,
) {
  return spawnSync(program, rest, {
    cwd: inside(image, '.'),
    env: { ...machineEnvironment, ...image.env, ...env },
    encoding: 'utf8',
    timeout,
    killSignal: 'SIGKILL',
  });
}
