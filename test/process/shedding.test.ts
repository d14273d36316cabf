import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { ENTITIES, users } from '../road.ts';
import { Processes } from './processes.ts';

const processes = new Processes();
let defender: Emulator;
beforeEach(async () => {
  defender = await startEmulator({ limits: 'none' });
});
afterEach(async () => {
  processes.end();
  await defender.close();
});

/** On SIGWINCH, fills 70 % of the heap's 200 MB; on the next, empties it. */
const HOG = `import { setFlagsFromString } from 'node:v8';
  setFlagsFromString('--expose-gc');
  const { gc } = await import('node:vm').then((vm) => ({ gc: vm.runInNewContext('gc') }));
  let held = [];
  let isFilling = false;
  process.on('SIGWINCH', async () => {
    isFilling = !isFilling;
    held = [];
    while (isFilling && process.memoryUsage().heapUsed < 140 * 1048576) {
      held.push(Array.from({ length: 20000 }, (_, i) => ({ i })));
      await new Promise(setImmediate);
    }
    gc();
  });`;

test('a process whose heap is full refuses who comes, lets finish who runs, says so, and recovers', async () => {
  const { child, url, lines } = await processes.startListening({
    DEFENDER_API_URL: defender.url,
    NODE_OPTIONS: `--max-old-space-size=200 --import=data:text/javascript,${encodeURIComponent(HOG)}`,
    SHED_EVENT_LOOP_DELAY_MS: '0',
    SHED_HEAP_PERCENT: '60',
  });
  const authorization = `Bearer ${await defender.issuer.defenderToken('alice')}`;
  const ask = (name: string) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: ENTITIES, variables: users(name) }),
    });
  const statusIs = async (status: number) => {
    let answer = await ask('user1');
    for (let look = 0; look < 200 && answer.status !== status; look += 1) {
      await answer.text();
      await sleep(50);
      answer = await ask('user1');
    }
    return answer;
  };
  expect((await ask('user1')).status).toBe(200);
  const script = defender.faults.always({ user: 'user7' }, { kind: 'held' });
  const running = ask('user7');

  child.kill('SIGWINCH');
  const refused = await statusIs(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED' } }],
  });
  expect((await fetch(new URL('/healthz', url))).status).toBe(200);
  const ready = await fetch(new URL('/readyz', url));
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { status: 'degraded', reasons: [expect.stringContaining('new requests are refused')] },
  ]);
  script.release();
  expect(await (await running).json()).toMatchObject({ data: { _entities: [{ id: 'user7' }] } });

  child.kill('SIGWINCH');
  expect((await statusIs(200)).status).toBe(200);
  const told = lines.map((line) => JSON.parse(line) as { pressure?: string; refused?: number });
  expect(told).toContainEqual(expect.objectContaining({ level: 40, pressure: 'heap' }));
  expect(told.some(({ refused: count = 0 }) => count > 0)).toBe(true);
}, 90_000);
