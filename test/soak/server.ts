import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startFlags } from '../process/startFlags.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** In bytes, after a collection of garbage. */
export interface Heap {
  readonly heapUsed: number;
  /** What is held outside of the heap, such as buffers. */
  readonly external: number;
  readonly rss: number;
}

/** The built server in a process of its own, which tells its heap. */
export class SoakedServer {
  readonly url: string;
  /** Warnings and errors that it has logged, and whatever it wrote to standard error. */
  readonly complaints: string[];
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;

  private constructor(url: string, child: ChildProcess, complaints: string[]) {
    this.url = url;
    this.complaints = complaints;
    this.#child = child;
    this.#exited = once(child, 'exit');
  }

  static async start(env: Readonly<Record<string, string>>): Promise<SoakedServer> {
    const preload = path.join(ROOT, 'test/soak/heap.mjs');
    const child = spawn(
      process.execPath,
      [...startFlags(), '--expose-gc', '--import', preload, 'dist/main.js'],
      {
        cwd: ROOT,
        env: { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: '0', ...env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('It has no output');
    const complaints: string[] = [];
    createInterface({ input: stderr }).on('line', (line) => complaints.push(line));
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: stdout }).on('line', (line) => {
        const logged = JSON.parse(line) as { level: number; msg: string; url?: string };
        if (logged.msg === 'listening' && logged.url) resolve(logged.url);
        if (logged.level >= WARN) complaints.push(line);
      });
      child.once('exit', () => reject(new Error(`It ended:\n${complaints.join('\n')}`)));
    });
    return new SoakedServer(url, child, complaints);
  }

  /** How many of them are of an error that nobody caught, or a rejection that nobody handled: each ends the process. */
  get unhandled(): number {
    return this.complaints.filter((line) => line.includes('that nobody caught')).length;
  }

  /** Whether the process has not ended by itself, as it does after an unhandled rejection. */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async heap(): Promise<Heap> {
    this.#child.send('heap');
    const answer = once(this.#child, 'message') as Promise<[Heap]>;
    const ended = this.#exited.then(() => {
      throw new Error(`The server has ended:\n${this.complaints.join('\n')}`);
    });
    const [heap] = await Promise.race([answer, ended]);
    return heap;
  }

  /** Its status after SIGTERM. */
  async stop(): Promise<unknown> {
    this.#child.kill('SIGTERM');
    const [status] = await this.#exited;
    return status;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Of pino's levels. */
const WARN = 40;
