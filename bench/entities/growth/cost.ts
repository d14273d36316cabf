import { load } from '../load.ts';
import type { Started } from '../processes.ts';
import { quantile } from '../statistics.ts';

export interface Cost {
  /** Microseconds of the process's CPU time, all threads together. */
  readonly cpuMicroseconds: number;
  /** Milliseconds. */
  readonly p50: number;
}

const WARM_UP = { connections: 4, milliseconds: 500 };
const TURN = { connections: 4, milliseconds: 400 };
const TURNS = 5;

/** What a request costs a process that has answered all of them before: medians of several turns. */
export async function costOf(server: Started, next: () => Buffer): Promise<Cost> {
  const url = new URL(server.url);
  await load(url, next, WARM_UP);
  const cpu: number[] = [];
  const latencies: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const before = await server.usage();
    const { requests, latencies: own } = await load(url, next, TURN);
    const after = await server.usage();
    cpu.push((after.cpuMicroseconds - before.cpuMicroseconds) / requests);
    latencies.push(quantile(own, 0.5));
  }
  return { cpuMicroseconds: quantile(cpu, 0.5), p50: quantile(latencies, 0.5) };
}

/** These in turn, for ever. */
export function inTurn(requests: readonly Buffer[]): () => Buffer {
  let sent = 0;
  return () => {
    const request = requests[sent % requests.length] ?? Buffer.alloc(0);
    sent += 1;
    return request;
  };
}
