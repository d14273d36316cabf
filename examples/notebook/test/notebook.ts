import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Output {
  readonly output_type: string;
  /** By media type; a text comes in lines. */
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
  readonly text?: readonly string[];
}

interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly metadata: { readonly tags?: readonly string[] };
  outputs?: readonly Output[];
  execution_count?: number | null;
}

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: object;
}

/** Debian's own: another Python may come first on the path, without what the notebook needs. */
export const PYTHON = '/usr/bin/python3';
const NBCONVERT = '/usr/bin/jupyter-nbconvert';
export const FOLDER = join(process.cwd(), 'examples/notebook');
export const NOTEBOOK = join(FOLDER, 'user-machines.ipynb');

/** Goes behind the imports of the notebook, which itself knows nothing of a test. */
const FAST: Cell = {
  id: 'fast-clock',
  cell_type: 'code',
  metadata: {},
  execution_count: null,
  outputs: [],
  source: [
    'import os\n',
    'from functools import partial\n',
    'from fast_clock import FastClock, new_token\n',
    'open("kernel.pid", "w").write(str(os.getpid()))\n',
    'MachinesClient = partial(MachinesClient, clock=FastClock())\n',
    'pasted_or_set = ready_token\n',
    'def ready_token():\n',
    '    first = pasted_or_set()\n',
    '    return lambda refused=False, claims=None: new_token() if refused else first()\n',
  ],
};

export async function readNotebook(path = NOTEBOOK): Promise<Notebook> {
  return JSON.parse(await readFile(path, 'utf8')) as Notebook;
}

/** A copy of the folder that an analyst would make, in which the notebook runs headless. */
export class Workplace {
  readonly folder: string;
  #child: ChildProcess | undefined;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Workplace> {
    const folder = await mkdtemp(join(tmpdir(), 'notebook-'));
    await cp(FOLDER, folder, { recursive: true });
    await rm(join(folder, 'answers.jsonl'), { force: true });
    return new Workplace(folder);
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  /** Runs every cell from the first on, in a new kernel. Rejects with what Jupyter says where a cell fails. */
  async run(env: Readonly<Record<string, string>>): Promise<Notebook> {
    const notebook = await readNotebook();
    const place = notebook.cells.findIndex(({ id }) => id === 'imports') + 1;
    const cells = notebook.cells.toSpliced(place, 0, FAST);
    const home = this.file('home');
    await mkdir(home, { recursive: true });
    await writeFile(this.file('run.ipynb'), JSON.stringify({ ...notebook, cells }));
    const child = spawn(
      NBCONVERT,
      [
        ...['--to', 'notebook', '--execute', '--output', 'ran.ipynb'],
        ...['--ExecutePreprocessor.record_timing=False', 'run.ipynb'],
      ],
      {
        cwd: this.folder,
        env: {
          PATH: '/usr/bin:/bin',
          HOME: home,
          PYTHONPATH: join(this.folder, 'test'),
          PYTHONDONTWRITEBYTECODE: '1',
          TZ: 'UTC',
          ...env,
        },
      },
    );
    this.#child = child;
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject).once('close', (status, signal) => {
        if (status === 0) resolve();
        else
          reject(new Error(`The notebook ended with ${signal ?? status}:\n${said.slice(-3_000)}`));
      });
    });
    const ran = await readNotebook(this.file('ran.ipynb'));
    return { ...ran, cells: ran.cells.filter(({ id }) => id !== FAST.id) };
  }

  /** Ends the kernel and Jupyter at once, as a power cut would. */
  async kill(): Promise<void> {
    process.kill(Number(await readFile(this.file('kernel.pid'), 'utf8')), 'SIGKILL');
    this.#child?.kill('SIGKILL');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
