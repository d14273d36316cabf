import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = path.join(__dirname, '../..');

interface Line {
  readonly msg: string;
  readonly url?: string;
}

export interface Listening {
  readonly child: ChildProcess;
  /** Of GraphQL. */
  readonly url: string;
  /** Status and signal. */
  readonly exited: Promise<unknown[]>;
  /** What it has logged, one JSON a line. */
  readonly lines: readonly string[];
}

/** Starts processes of src/main.ts, or of what else Node is to run, with the environments given and no others. */
export class Processes {
  readonly #started: ChildProcess[] = [];
  readonly #program: readonly string[];

  constructor(program: readonly string[] = ['--import', 'tsx', 'src/main.ts']) {
    this.#program = program;
  }

  start(env: Readonly<Record<string, string>>, args: readonly string[] = []) {
    const child = spawn(process.execPath, [...this.#program, ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#started.push(child);
    return { child, exited: once(child, 'exit') };
  }

  async startListening(env: Readonly<Record<string, string>>): Promise<Listening> {
    const { child, exited } = this.start({ PORT: '0', ...env });
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => lines.push(line));
    await Promise.race([once(reader, 'line'), exited]);
    const { msg, url = '' } = JSON.parse(lines[0] ?? '{}') as Line;
    if (msg !== 'listening') throw new Error(`It does not listen, but says ${lines[0]}`);
    return { child, exited, url, lines };
  }

  /** Ends, at once, what still runs. */
  end(): void {
    for (const child of this.#started.splice(0)) child.kill('SIGKILL');
  }
}
