import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { SoakCallers, type Mode } from './callers.ts';
import { SoakedServer, type Heap } from './server.ts';

/** Until every memory that has a bound has reached it, and the code has been compiled. */
const WARM_UP = 12_000;
const ROUNDS = 6;
const ROUND = 4_000;
/** An hour's budget. */
const LEAST_CALLS = 1_500;
/**
 * Bytes that the heap may grow after the warm-up. What is remembered has a bound of 1 MiB here; a kilobyte that is kept of
 * each request would be 24 MB.
 */
const BOUND = 8_000_000;

/**
 * Sends requests of all kinds to a server of its own, which is told `envOf` beside the settings of all, and prints what it
 * came to. Resolves with what was wrong, in words.
 */
export async function soak(
  mode: Mode,
  envOf: (defender: Emulator) => Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const defender = await startEmulator({ limits: 'none' });
  const server = await SoakedServer.start({
    AUDIT_LOG: 'log',
    CACHE_MAX_MEGABYTES: '1',
    CACHE_NEGATIVE_TTL_SECONDS: '5',
    CACHE_STALE_SECONDS: '10',
    CACHE_TTL_SECONDS: '5',
    DEFENDER_API_URL: defender.url,
    DEFENDER_CALLS_PER_HOUR: '1000000',
    DEFENDER_CALLS_PER_MINUTE: '1000000',
    LOG_LEVEL: 'info',
    METRICS_PORT: '0',
    NODE_ENV: 'test',
    SHUTDOWN_GRACE_SECONDS: '0',
    ...envOf(defender),
  });
  const callers = new SoakCallers(defender, server.url, mode);
  const problems: string[] = [];
  try {
    const started = performance.now();
    await callers.send(WARM_UP);
    const heaps = [await server.heap()];
    tell(mode, WARM_UP, heaps[0]);
    for (let number = 1; number <= ROUNDS; number += 1) {
      await callers.send(ROUND);
      heaps.push(await server.heap());
      tell(mode, WARM_UP + number * ROUND, heaps.at(-1));
    }
    const seconds = (performance.now() - started) / 1_000;
    // The lesser of two, as a sample can fall on a moment in which something is under way.
    const least = (some: readonly Heap[]) => Math.min(...some.map(bytesOf));
    const grown = least(heaps.slice(-2)) - least(heaps.slice(0, 2));
    const { total: calls, exchanges } = defender.ledger;
    if (grown > BOUND) problems.push(`The heap has grown by ${megabytes(grown)}.`);
    if (calls < LEAST_CALLS) problems.push(`Only ${calls} calls.`);
    await callers.close();
    if (!server.isRunning) problems.push('The server has ended.');
    const status = await server.stop();
    if (status !== 0) problems.push(`The server ended with status ${String(status)}.`);
    const { surprises } = callers;
    const { complaints, unhandled } = server;
    problems.push(...surprises.slice(0, 5), ...complaints.slice(0, 5));
    const kinds = [...callers.sent].map(([kind, count]) => `${kind} ${count}`).join(', ');
    console.log(
      `soak, ${mode}: ${WARM_UP + ROUNDS * ROUND} requests (${kinds})\n` +
        `      ${calls} calls and ${exchanges.total} exchanges in ${seconds.toFixed(0)} s; heap grown by ${megabytes(grown)} since the warm-up, bound ` +
        `${megabytes(BOUND)}; ${surprises.length} surprises, ${complaints.length} complaints, ${unhandled} of them ` +
        `of what nobody caught`,
    );
  } finally {
    server.kill();
    await defender.close();
  }
  return problems.map((problem) => `${mode}: ${problem}`);
}

function bytesOf({ heapUsed, external }: Heap): number {
  return heapUsed + external;
}

function tell(mode: Mode, requests: number, heap: Heap | undefined): void {
  if (!heap) return;
  const { heapUsed, external, rss } = heap;
  console.log(
    `${mode}, after ${requests} requests`.padEnd(38) +
      `heap ${megabytes(heapUsed)}, outside ${megabytes(external)}, resident ${megabytes(rss)}`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
