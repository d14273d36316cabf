import { Session } from 'node:inspector/promises';
import type { AddressInfo, Server } from 'node:net';

/** What the harness asks a process of its own. */
export type Question = 'usage' | 'heap' | 'profile' | 'endProfile';

/** Of the whole process, all its threads together. */
export interface Usage {
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
}

/** Tells the harness where this process serves, answers its questions, and ends when the harness is gone. */
export function announce(url: string): void {
  const inspector = new Session();
  const answers: Record<Question, () => unknown> = {
    usage: () => {
      const { user, system } = process.cpuUsage();
      return { cpuMicroseconds: user + system, residentBytes: process.memoryUsage.rss() };
    },
    heap: () => {
      if (!globalThis.gc) throw new Error('Start this process with --expose-gc.');
      globalThis.gc();
      globalThis.gc();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    },
    profile: async () => {
      inspector.connect();
      await inspector.post('Profiler.enable');
      await inspector.post('Profiler.setSamplingInterval', { interval: 200 });
      await inspector.post('Profiler.start');
    },
    endProfile: async () => {
      const { profile } = await inspector.post('Profiler.stop');
      inspector.disconnect();
      return profile;
    },
  };
  process.on('message', (question: Question) => {
    if (!(question in answers)) return;
    void Promise.resolve(answers[question]()).then((answer) => process.send?.({ answer }));
  });
  process.once('disconnect', () => process.exit());
  process.send?.({ url });
}

/** On a free port of this machine. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
