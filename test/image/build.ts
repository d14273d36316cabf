import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Stage, Step } from './dockerfile.ts';

export interface Image {
  readonly base: string;
  /** The folder that stands for the image's `/`. */
  readonly root: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly command: readonly string[];
  readonly healthCheck: HealthCheck | undefined;
}

interface HealthCheck {
  readonly command: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds in which the server may come up. */
  readonly startPeriod: number;
}

type Changing<T> = { -readonly [K in keyof T]: T[K] };

/** One RUN may take so long, in milliseconds. */
const RUN_TIMEOUT = 300_000;
/** What a command needs from this machine to find its programs and npm's registry. */
const FROM_HERE =
  /^(PATH|HOME|NODE_EXTRA_CA_CERTS|npm_config_(registry|cache|userconfig)|(https?|no)_proxy)$/i;

export const machineEnvironment: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => FROM_HERE.test(name)),
);

/** Builds each stage in a folder of its own below `scratch`, and gives the last one. */
export function build(stages: readonly Stage[], context: string, scratch: string): Image {
  const allowed = allowedNames(context);
  const built = new Map<string, Image>();
  let last: Image | undefined;
  for (const { name, base, steps } of stages) {
    const image: Changing<Image> = {
      base,
      root: mkdtempSync(path.join(scratch, `${name || 'final'}-`)),
      workdir: '/',
      env: {},
      user: 'root',
      command: [],
      healthCheck: undefined,
    };
    for (const step of steps) replay(step, image);
    built.set(name, image);
    last = image;
  }
  if (!last) throw new Error('The Dockerfile has no stage');
  return last;

  function replay(step: Step, image: Changing<Image>): void {
    const { instruction, flags, text } = step;
    process.stdout.write(`${path.basename(image.root)}: ${instruction} ${text}\n`);
    switch (instruction) {
      case 'WORKDIR':
        image.workdir = path.posix.resolve(image.workdir, text);
        mkdirSync(inside(image, '.'), { recursive: true });
        break;
      case 'ENV':
        image.env = { ...image.env, ...Object.fromEntries(text.split(' ').map(assignment)) };
        break;
      case 'COPY':
        copy(text.split(' '), flags.get('from'), image);
        break;
      case 'RUN':
        run(text, image);
        break;
      case 'USER':
        image.user = text;
        break;
      case 'EXPOSE':
        break;
      case 'HEALTHCHECK':
        image.healthCheck = {
          command: listOf(text.replace(/^CMD /, '')),
          timeout: millisecondsOf(flags.get('timeout')),
          startPeriod: millisecondsOf(flags.get('start-period')),
        };
        break;
      case 'CMD':
        image.command = listOf(text);
        break;
      default:
        throw new Error(`This check does not know how to replay ${instruction}`);
    }
  }

  function copy(names: readonly string[], from: string | undefined, image: Image): void {
    const sources = names.slice(0, -1);
    const target = inside(image, names.at(-1) ?? '.');
    for (const source of sources) {
      const origin = from === undefined ? fromContext(source) : fromStage(from, source);
      const isFolder = statSync(origin).isDirectory();
      cpSync(origin, isFolder ? target : path.join(target, path.basename(source)), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
  }

  function fromContext(source: string): string {
    const [top = ''] = path.posix.normalize(source).split('/');
    if (!allowed.has(top)) throw new Error(`.dockerignore keeps ${source} out of the context`);
    return path.join(context, source);
  }

  function fromStage(name: string, source: string): string {
    const stage = built.get(name);
    if (!stage) throw new Error(`COPY --from=${name}: no such stage`);
    return inside(stage, source);
  }
}

function run(command: string, image: Image): void {
  // Anything else, such as apt-get, would change the machine that runs this check.
  if (!/^npm (ci|run|pkg) /.test(`${command} `))
    throw new Error(`This check does not run: ${command}`);
  const { status, error } = spawnSync('sh', ['-ec', command], {
    cwd: inside(image, '.'),
    env: { ...machineEnvironment, ...image.env },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: RUN_TIMEOUT,
  });
  if (status !== 0) throw error ?? new Error(`"${command}" ended with status ${status}`);
}

/** Where a path of the image is on this machine. */
export function inside({ root, workdir }: Image, name: string): string {
  return path.join(root, path.posix.resolve(workdir, name));
}

/** The .dockerignore keeps everything out, but for the top-level names that it lists. */
function allowedNames(context: string): ReadonlySet<string> {
  const [first, ...exceptions] = readFileSync(path.join(context, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (first !== '*' || !exceptions.every((line) => /^![\w.-]+$/.test(line))) {
    throw new Error('.dockerignore must be "*", then one "!name" for each name that is let in');
  }
  return new Set(exceptions.map((line) => line.slice(1)));
}

function assignment(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=');
  return [name, value];
}

function listOf(json: string): string[] {
  return JSON.parse(json) as string[];
}

function millisecondsOf(seconds = '30s'): number {
  return Number.parseFloat(seconds) * 1_000;
}
