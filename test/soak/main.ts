import { startEmulator } from '../../emulator/emulator.ts';
import { SoakCallers } from './callers.ts';
import { SoakedServer, type Heap } from './server.ts';

// An hour's worth of requests at the built server: more calls than an hour's budget has, and the cached ones that come
// with them. Fails where its memory keeps growing, where it ends or complains, or where an answer is none.

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

const defender = await startEmulator({ limits: 'none' });
const server = await SoakedServer.start({
  CACHE_MAX_MEGABYTES: '1',
  CACHE_NEGATIVE_TTL_SECONDS: '5',
  CACHE_STALE_SECONDS: '10',
  CACHE_TTL_SECONDS: '5',
  DEFENDER_API_URL: defender.url,
  DEFENDER_CALLS_PER_HOUR: '1000000',
  DEFENDER_CALLS_PER_MINUTE: '1000000',
  LOG_LEVEL: 'info',
  NODE_ENV: 'test',
  SHUTDOWN_GRACE_SECONDS: '0',
});
const callers = new SoakCallers(defender, server.url);
const problems: string[] = [];
try {
  const started = performance.now();
  await callers.send(WARM_UP);
  const heaps = [await server.heap()];
  tell('after the warm-up', heaps[0]);
  for (let round = 1; round <= ROUNDS; round += 1) {
    await callers.send(ROUND);
    heaps.push(await server.heap());
    tell(`after ${WARM_UP + round * ROUND} requests`, heaps.at(-1));
  }
  const seconds = (performance.now() - started) / 1_000;
  // The lesser of two, as a sample can fall on a moment in which something is under way.
  const least = (some: readonly Heap[]) => Math.min(...some.map(bytesOf));
  const grown = least(heaps.slice(-2)) - least(heaps.slice(0, 2));
  const kinds = [...callers.sent].map(([kind, count]) => `${kind} ${count}`).join(', ');
  console.log(
    `soak: ${WARM_UP + ROUNDS * ROUND} requests (${kinds})\n` +
      `      ${defender.ledger.total} calls in ${seconds.toFixed(0)} s; heap grown by ${megabytes(grown)} since the warm-up, ` +
      `bound ${megabytes(BOUND)}; ${callers.surprises.length} surprises, ${server.complaints.length} complaints`,
  );
  if (grown > BOUND) problems.push(`The heap has grown by ${megabytes(grown)}.`);
  if (defender.ledger.total < LEAST_CALLS) problems.push(`Only ${defender.ledger.total} calls.`);
  problems.push(...callers.surprises.slice(0, 5), ...server.complaints.slice(0, 5));
  if (!server.isRunning) problems.push('The server has ended.');
  await callers.close();
  const status = await server.stop();
  if (status !== 0) problems.push(`The server ended with status ${String(status)}.`);
} finally {
  server.kill();
  await defender.close();
}
for (const problem of problems) console.error(`BROKEN ${problem}`);
if (problems.length > 0) process.exitCode = 1;

function bytesOf({ heapUsed, external }: Heap): number {
  return heapUsed + external;
}

function tell(when: string, heap: Heap | undefined): void {
  if (!heap) return;
  const { heapUsed, external, rss } = heap;
  console.log(
    `${when.padEnd(24)} heap ${megabytes(heapUsed)}, outside ${megabytes(external)}, resident ${megabytes(rss)}`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
