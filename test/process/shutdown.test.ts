import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { ENTITIES, users } from '../road.ts';
import { startWiretap } from '../telemetry/wiretap.ts';
import { LoadBalancer, Tally } from './loadBalancer.ts';
import { Processes } from './processes.ts';

const processes = new Processes();
let defender: Emulator;
beforeEach(async () => {
  defender = await startEmulator({ limits: 'none', latencyMilliseconds: 5 });
});
afterEach(async () => {
  processes.end();
  await defender.close();
});

const start = (env: Readonly<Record<string, string>> = {}) =>
  processes.startListening({
    DEFENDER_API_URL: defender.url,
    DEFENDER_CALLS_PER_HOUR: '1000000',
    DEFENDER_CALLS_PER_MINUTE: '1000000',
    SHED_EVENT_LOOP_DELAY_MS: '0',
    ...env,
  });

function question(...names: readonly string[]): string {
  return JSON.stringify({ query: ENTITIES, variables: users(...names) });
}

test('SIGTERM under load loses no request', async () => {
  const { child, exited, url } = await start({ SHUTDOWN_GRACE_SECONDS: '2' });
  const token = await defender.issuer.defenderToken('alice');
  // Slower than the grace: these are under way when no more connections are taken.
  defender.faults.always({ user: 'user7' }, { kind: 'latency', milliseconds: 2_800 });
  const slowToken = (index: number) =>
    defender.issuer.defenderToken('carol', { expiresInSeconds: 3_600 + index });
  const balancer = new LoadBalancer(url);
  const [quick, slow] = [new Tally(), new Tally()];
  let asked = 0;
  const nextQuestion = () => question(`user${(asked += 1) % 500}0`, 'user1');
  const callers = [
    ...Array.from({ length: 16 }, () => balancer.callAgainAndAgain(nextQuestion, token, quick)),
    ...Array.from({ length: 4 }, async (_, index) => {
      await sleep(500 + index * 150);
      await balancer.callAgainAndAgain(() => question('user7'), await slowToken(index), slow);
    }),
  ];
  await sleep(1_000);
  const before = quick.answered;
  child.kill('SIGTERM');
  await balancer.watch(100);
  await Promise.all(callers);
  expect(await exited).toEqual([0, null]);
  await expect(fetch(url)).rejects.toThrow('fetch failed');

  const during = quick.answered - before;
  const lost = [...quick.lost, ...slow.lost];
  process.stdout.write(
    `SIGTERM under load: ${before} requests answered before, ${during} after, ${slow.answered} slow ones, ` +
      `${quick.refused + slow.refused} connections refused, ${lost.length} lost\n`,
  );
  expect(lost).toEqual([]);
  expect(before).toBeGreaterThan(5);
  expect(during).toBeGreaterThan(5);
  expect(slow.answered).toBeGreaterThanOrEqual(4);
}, 90_000);

test('SIGTERM is followed by 503 at /readyz for the grace, while the server goes on answering', async () => {
  const { child, exited, url } = await start({ SHUTDOWN_GRACE_SECONDS: '2' });
  child.kill('SIGTERM');
  await sleep(500);
  const ready = await fetch(new URL('/readyz', url));
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'stopping' }]);
  expect((await fetch(new URL('/healthz', url))).status).toBe(200);
  expect(await exited).toEqual([0, null]);
});

test('what is gathered of log, audit and traces is written before the process ends', async () => {
  const collector = await startWiretap();
  const audit = path.join(mkdtempSync(path.join(tmpdir(), 'audit-')), 'audit.jsonl');
  const { child, exited, url, lines } = await start({
    AUDIT_LOG: audit,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  try {
    const token = await defender.issuer.defenderToken('alice');
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(url, { method: 'POST', headers, body: question('user1') });
    expect(await answer.json()).not.toHaveProperty('errors');
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'listening',
      'request',
      'closing',
      'closed',
    ]);
    expect(readFileSync(audit, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(collector.bodies.join('')).toContain('GET /api/users/{id}/machines');
  } finally {
    await collector.close();
  }
});

test('Ctrl+C does not wait for the grace', async () => {
  const { child, exited } = await start({ SHUTDOWN_GRACE_SECONDS: '300' });
  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a second signal, such as %s, ends at once',
  async (signal) => {
    const { child, exited, lines } = await start({ SHUTDOWN_GRACE_SECONDS: '300' });
    child.kill('SIGTERM');
    await sleep(300);
    child.kill(signal);
    expect(await exited).toEqual([1, null]);
    expect(lines.at(-1)).toContain(`second ${signal}, exiting`);
  },
);

test('a request that never comes to its end is cut, when a request has had all its time', async () => {
  const { child, exited, url, lines } = await start({ REQUEST_DEADLINE_SECONDS: '1' });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.resume();
  socket.write('POST /graphql HTTP/1.1\r\nhost: here\r\ncontent-length: 100\r\n\r\n{');
  await sleep(200);
  child.kill('SIGINT');
  const closed = once(socket, 'close');
  expect(await exited).toEqual([0, null]);
  await closed;
  expect(lines.join('')).toContain('did not end in time');
});
