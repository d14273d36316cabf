import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Question, Usage } from './child.ts';
import type { Instruction } from './upstream.ts';

/** A process that this run has started. */
export interface Started {
  readonly url: string;
  usage(): Promise<Usage>;
  ask(message: Question | Instruction): Promise<unknown>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Of node itself. */
  readonly flags?: readonly string[];
}

/** Milliseconds for a start, and for an answer. */
const PATIENCE = 60_000;
/** Where `bench/contestants/tsconfig.build.json` puts what it builds. */
const BUILT = 'bench/contestants/dist/bench';

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Runs one of bench's own processes. Each ends with this one. */
export async function start(file: string, options: StartOptions = {}): Promise<Started> {
  const { env = {}, flags = [] } = options;
  const child = spawn(process.execPath, [...flags, `${BUILT}/${file}.js`], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const { url } = (await message(child, file)) as { url: string };

  async function ask(question: Question | Instruction): Promise<unknown> {
    const answered = message(child, file);
    child.send(question);
    const { answer } = (await answered) as { answer: unknown };
    return answer;
  }
  return {
    url,
    ask,
    usage: async () => (await ask('usage')) as Usage,
    async stop() {
      if (!running.has(child)) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function message(child: ChildProcess, name: string): Promise<unknown> {
  const over = new AbortController();
  const { signal } = over;
  const timer = setTimeout(() => over.abort(new Error(`${name} says nothing`)), PATIENCE);
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([said]: unknown[]) => said),
      once(child, 'exit', { signal }).then(([code]: unknown[]) => {
        throw new Error(`${name} has ended with ${String(code)}`);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}
