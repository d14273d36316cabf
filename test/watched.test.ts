import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { ENTITIES, openRoad, users, type Road, untilKept } from './road.ts';
import { startWiretap, type Wiretap } from './telemetry/wiretap.ts';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { ManualClock } from '../emulator/manualClock.ts';

interface Line {
  readonly msg: string;
  readonly [key: string]: unknown;
}

let road: Road;
let beside: Road;
let defender: Emulator;
let tap: Wiretap;
let metricsUrl: string;

beforeAll(async () => {
  const clock = new ManualClock();
  defender = await startEmulator({ now: clock.now, limits: 'none' });
  tap = await startWiretap(defender.url);
  beside = { clock, defender } as Road;
  const env = { DEFENDER_API_URL: tap.url, METRICS_PORT: '0', AUDIT_LOG: 'log' };
  road = await openRoad(env, {}, beside);
  metricsUrl = String(lines().find(({ msg }) => msg === 'metrics')?.['url']);
});
afterAll(async () => {
  await road.close();
  await tap.close();
  await defender.close();
});
beforeEach(() => {
  road.clock.advance(301_000);
  road.logged.length = 0;
  defender.faults.clear();
  defender.ledger.reset();
});

function lines(): Line[] {
  return road.logged.map((json) => JSON.parse(json) as Line);
}

/** The line of the request, which is written once the answer has been sent. */
async function line(msg: string): Promise<Line> {
  for (;;) {
    const found = lines().find((one) => one.msg === msg);
    if (found) return found;
    await setImmediate();
  }
}

async function post(headers: Readonly<Record<string, string>>, ...names: string[]) {
  const token = await defender.issuer.defenderToken('alice', { expiresInSeconds: 28_800 });
  return fetch(road.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({
      query: ENTITIES.replace('query', 'query Devices'),
      variables: users(...names),
    }),
  });
}

async function metric(series: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const found = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(found?.split(' ').at(-1) ?? 0);
}

describe('a request', () => {
  test('has an id, which the client, the log and Defender are told', async () => {
    const answer = await post({ 'x-request-id': 'gateway-0001' }, 'user1');
    expect(answer.headers.get('x-request-id')).toBe('gateway-0001');
    expect(await line('request')).toMatchObject({ requestId: 'gateway-0001' });
    expect(tap.headers.at(-1)?.['x-ms-client-request-id']).toBe('gateway-0001');
    expect((await post({}, 'user1')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is one line of the log that tells what it came to', async () => {
    await post({}, 'user1', 'user2');
    road.logged.length = 0;
    defender.faults.next({ user: 'user3' }, { kind: 'status', status: 500 });
    await post({}, 'user1', 'user2', 'user3', 'user4', 'user1');
    // Less than half a millisecond is no wait.
    expect({ ...(await line('request')), waitedMs: undefined }).toEqual({
      level: 30,
      time: expect.any(String),
      msg: 'request',
      requestId: expect.any(String),
      client: '127.0.0.1',
      caller: expect.stringMatching(/^[\w-]{14}$/),
      operation: 'Devices',
      road: 'ordinary',
      users: 4,
      cached: 2,
      live: 1,
      failed: 1,
      calls: 2,
      errors: { UPSTREAM_UNAVAILABLE: 1 },
      status: 200,
      ms: expect.any(Number),
    });
  });

  test('is one event of the audit, that calls nobody by name', async () => {
    await post({}, 'user1');
    const audit = await line('audit');
    const request = await line('request');
    expect(audit).toMatchObject({
      requestId: request['requestId'],
      caller: request['caller'],
      verified: true,
      lookups: [{ user: expect.stringMatching(/^[\w-]{14}$/), source: 'LIVE', devices: 3 }],
    });
    expect(road.logged.join('')).not.toMatch(/user1|alice/);
  });

  test('of a client that goes away is a line as well', async () => {
    defender.faults.always({}, { kind: 'hang' });
    const client = new AbortController();
    const token = await defender.issuer.defenderToken('alice');
    const asking = road.ask({
      query: ENTITIES,
      variables: users('user1'),
      token,
      signal: client.signal,
    });
    await defender.ledger.arrived(1);
    client.abort();
    await expect(asking).rejects.toThrow('aborted');
    expect(await line('request')).toMatchObject({ status: 499 });
  });

  test('without a token is counted for each user that it names', async () => {
    await road.ask({ query: ENTITIES, variables: users('user1', 'user2') });
    expect(await line('request')).toMatchObject({ failed: 2, errors: { UNAUTHENTICATED: 2 } });
    expect(await line('request')).not.toHaveProperty('caller');
  });

  test('that asks whether the service is there is none', async () => {
    await fetch(new URL('/healthz', road.url));
    await fetch(new URL('/readyz', road.url));
    await post({}, 'user1');
    await line('request');
    expect(lines().filter(({ msg }) => msg === 'request')).toHaveLength(1);
  });
});

describe('a request that is answered with what was rendered before', () => {
  beforeEach(async () => {
    // Met, learned, kept: from the third on.
    for (let times = 0; times < 3; times += 1) {
      road.logged.length = 0;
      await post({}, 'user1', 'user2', 'user1');
      await line('request');
      await untilKept();
    }
    road.logged.length = 0;
  });

  test('has its id, its line, its audit', async () => {
    const answer = await post({ 'x-request-id': 'gateway-0002' }, 'user1', 'user2', 'user1');
    expect(answer.headers.get('x-request-id')).toBe('gateway-0002');
    const request = await line('request');
    expect(request).toEqual({
      level: 30,
      time: expect.any(String),
      msg: 'request',
      requestId: 'gateway-0002',
      client: '127.0.0.1',
      caller: expect.stringMatching(/^[\w-]{14}$/),
      operation: 'Devices',
      road: 'rendered',
      users: 2,
      cached: 2,
      status: 200,
      ms: expect.any(Number),
    });
    const { lookups, caller, verified } = await line('audit');
    expect([caller, verified]).toEqual([request['caller'], true]);
    expect(lookups).toMatchObject([
      { source: 'CACHE', devices: 3 },
      { source: 'CACHE', devices: expect.any(Number) },
    ]);
  });

  test('counts as calls saved by that', async () => {
    const layers = ['rendered', 'loader', 'cache'];
    const saved = () =>
      Promise.all(
        layers.map((layer) => metric(`user_machines_calls_saved_total{layer="${layer}"}`)),
      );
    const before = await saved();
    await post({}, 'user1', 'user2', 'user1');
    await line('request');
    const after = await saved();
    expect(after.map((value, index) => value - (before[index] ?? 0))).toEqual([2, 1, 0]);
  });
});

describe('the metrics', () => {
  /** What a series has grown by meanwhile. */
  async function growth(series: readonly string[], work: () => Promise<unknown>) {
    const before = await Promise.all(series.map(metric));
    road.logged.length = 0;
    await work();
    await line('request');
    const after = await Promise.all(series.map(metric));
    return after.map((value, index) => value - (before[index] ?? 0));
  }

  test('count calls made, and calls saved by each layer', async () => {
    const series = [
      'user_machines_defender_calls_total{status="200"}',
      'user_machines_calls_saved_total{layer="cache"}',
      'user_machines_calls_saved_total{layer="loader"}',
      'user_machines_users_total{source="live"}',
    ];
    expect(await growth(series, () => post({}, 'user1', 'user2', 'user2'))).toEqual([2, 0, 1, 2]);
    expect(await growth(series, () => post({}, 'user1', 'user3', 'user1'))).toEqual([1, 1, 1, 1]);
  });

  test('count who could be made out, and who could not', async () => {
    const series = ['accepted', 'refused'].map(
      (outcome) => `user_machines_identities_total{outcome="${outcome}"}`,
    );
    expect(await growth(series, () => post({}, 'user1'))).toEqual([1, 0]);
    expect(await growth(series, () => post({ authorization: 'Basic eA==' }, 'user1'))).toEqual([
      0, 1,
    ]);
  });

  test('count requests by road and status, and errors by code', async () => {
    const series = [
      'user_machines_requests_total{road="ordinary",status="200"}',
      'user_machines_errors_total{code="UPSTREAM_UNAVAILABLE"}',
      'user_machines_users_total{source="failed"}',
    ];
    defender.faults.next({ user: 'user3' }, { kind: 'status', status: 500 });
    expect(await growth(series, () => post({}, 'user1', 'user3'))).toEqual([1, 1, 1]);
  });

  test('count who joins the call of another request', async () => {
    const held = defender.faults.always({ user: 'user5' }, { kind: 'held' });
    const token = await defender.issuer.defenderToken('alice');
    const ask = () => road.ask({ query: ENTITIES, variables: users('user5'), token });
    const saved = await growth(['user_machines_calls_saved_total{layer="flight"}'], async () => {
      const both = [ask(), ask()];
      await defender.ledger.arrived(1);
      // The second must have come by then, and nothing tells that it waits.
      for (let turn = 0; turn < 50; turn += 1) await setImmediate();
      held.release();
      await Promise.all(both);
      while (lines().filter(({ msg }) => msg === 'request').length < 2) await setImmediate();
    });
    expect([saved, defender.ledger.total]).toEqual([[1], 1]);
  });

  test('tell what is left of a budget that Defender has answered, and of the cache', async () => {
    await post({}, 'user1');
    const text = await (await fetch(metricsUrl)).text();
    expect(text).toMatch(
      /^user_machines_budget_remaining_calls\{budget="[\w./-]+",window="hour"\} 9\d+$/m,
    );
    expect(text).toMatch(/^user_machines_budget_paused\{budget="[\w./-]+"\} 0$/m);
    expect(await metric('user_machines_cache_entries')).toBeGreaterThan(0);
    expect(await metric('user_machines_cache_bytes')).toBeGreaterThan(1_000);
  });

  test('of an invented token show no budget', async () => {
    const claims = { tid: 'invented', appid: 'invented' };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'RS256' })}.${part(claims)}.AAAA`;
    await road.ask({ query: ENTITIES, variables: users('user1'), token });
    expect(await (await fetch(metricsUrl)).text()).not.toContain('invented');
  });
});
