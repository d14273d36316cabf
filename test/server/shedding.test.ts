import { afterEach, describe, expect, test } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { createAdmission } from '../../src/server/admission.ts';
import { createPressureGauge, type Pressure } from '../../src/server/pressure.ts';
import { createShedding } from '../../src/server/shedding.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { RequestRecord } from '../../src/telemetry/record.ts';

let http: FastifyInstance;
let pressure: Pressure | undefined;
const logged: string[] = [];
const counted: unknown[] = [];
afterEach(async () => {
  await http.close();
  logged.length = counted.length = 0;
  pressure = undefined;
});

/** A server with a route that is shed, and one that is not; the first answers when it is told. */
async function start(gauge = { read: () => pressure, close() {} }) {
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const shedding = createShedding({
    gauge,
    log: createLog('info', { write: (line) => void logged.push(line) }),
    meter: { add: (...count) => void counted.push(count), observe() {}, watch() {} },
    sampleMilliseconds: 10,
  });
  http = fastify({ forceCloseConnections: true });
  http.addHook('onClose', async () => shedding.close());
  http.addHook('onRequest', async (request) => {
    request.record = new RequestRecord('id', '127.0.0.1', false);
  });
  http.get('/healthz', async () => 'ok');
  await http.register(async (guarded) => {
    createAdmission({ isRouter: () => true, shedding }).guard(guarded);
    guarded.get('/slow', async () => finished.then(() => 'done'));
    guarded.get('/quick', async () => 'ok');
  });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  return { shedding, finish, get: (path: string) => fetch(new URL(path, url)) };
}

describe('while there is too much to do', () => {
  test('new requests are told when to come back, running ones end, and probes are answered', async () => {
    const { get, finish, shedding } = await start();
    const running = get('/slow');
    await sleep(30);
    expect((await get('/quick')).status).toBe(200);
    expect(shedding.milliseconds()).toBe(0);

    pressure = 'heap';
    await sleep(50);
    const refused = await get('/quick');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.json()).toEqual({
      errors: [
        {
          message: 'This service has more to do than it can: ask again in 5 seconds.',
          extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 5 },
        },
      ],
    });
    expect((await get('/healthz')).status).toBe(200);
    expect(shedding.milliseconds()).toBeGreaterThan(10);
    finish();
    expect(await (await running).text()).toBe('done');

    pressure = undefined;
    await sleep(50);
    expect((await get('/quick')).status).toBe(200);
    expect(shedding.milliseconds()).toBe(0);
  });

  test('it is counted, and logged when it begins and when it ends', async () => {
    const { get } = await start();
    pressure = 'event_loop';
    await sleep(50);
    await Promise.all([get('/quick'), get('/quick'), get('/quick')]);
    pressure = undefined;
    await sleep(50);
    const count = ['shed', { pressure: 'event_loop' }];
    expect(counted).toEqual([count, count, count]);
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ pressure: 'event_loop', msg: expect.stringContaining('refused') }),
      expect.objectContaining({ refused: 3, ms: expect.any(Number) }),
    ]);
  });
});

describe('the event loop', () => {
  const LATE = { eventLoopDelayMilliseconds: 20, heapPercent: 0 };

  /** Each turn takes so long. */
  async function busy(milliseconds: number, isMore: (turn: number) => boolean): Promise<void> {
    for (let count = 0; isMore(count); count += 1) {
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
      await turn();
    }
  }

  test('that is late turn by turn refuses who comes, lets finish who runs, and recovers', async () => {
    const { get, finish } = await start(createPressureGauge(LATE));
    // Other work of the machine may make the loop late as well, before and after.
    const isLetIn = async () => {
      for (let look = 0; look < 200; look += 1) {
        if ((await get('/quick')).status === 200) return true;
        await sleep(20);
      }
      return false;
    };
    /** Of one that was let in: it waits. */
    const letIn = async () => {
      for (let look = 0; look < 200; look += 1) {
        const asked = get('/slow');
        if ((await Promise.race([asked, sleep(50)])) === undefined) return { running: asked };
        await sleep(20);
      }
      throw new Error('Nothing is let in');
    };
    const { running } = await letIn();
    let isBusy = true;
    const work = busy(50, () => isBusy);
    const answers: number[] = [];
    for (let ask = 0; ask < 3; ask += 1) answers.push((await get('/quick')).status);
    isBusy = false;
    await work;
    expect(answers.slice(1)).toEqual([503, 503]);
    finish();
    expect((await running).status).toBe(200);
    expect(await isLetIn()).toBe(true);
  });

  test('with one long turn among short ones is not too late', async () => {
    const gauge = createPressureGauge(LATE);
    await sleep(300);
    await busy(200, (count) => count < 1);
    await sleep(300);
    expect(gauge.read()).toBeUndefined();
    gauge.close();
    await start();
  });

  test('that is never measured is never too late', async () => {
    const gauge = createPressureGauge({ ...LATE, eventLoopDelayMilliseconds: 0 });
    await busy(50, (count) => count < 3);
    expect(gauge.read()).toBeUndefined();
    gauge.close();
    await start();
  });
});
