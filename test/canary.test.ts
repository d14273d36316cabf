import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { ManualClock } from '../emulator/manualClock.ts';
import { ENTITIES, openRoad, users, type Road } from './road.ts';
import { startWiretap, type Wiretap } from './telemetry/wiretap.ts';

const ROUTER_SECRET = 'canary-router-secret-0123456789abcdef';
const HASH_SECRET = 'canary-hash-secret-0123456789abcdef';
const PERSON = 'canary.person';

/** A token is betrayed by its claims or its signature alone. */
const partsOf = (secret: string) => [
  secret,
  ...secret.split('.').filter((part) => part.length > 20),
];

describe.each(['forward', 'on-behalf-of'])('no token, secret or name in mode %s', (mode) => {
  let defender: Emulator;
  let tap: Wiretap;
  let collector: Wiretap;
  const secrets: string[] = [];
  const outputs: Record<string, string> = {};

  beforeAll(async () => {
    const clock = new ManualClock();
    defender = await startEmulator({ now: clock.now, limits: 'none' });
    tap = await startWiretap(defender.url);
    collector = await startWiretap();
    const auditFile = path.join(mkdtempSync(path.join(tmpdir(), 'canary-')), 'audit.jsonl');
    const road = await openRoad(
      {
        AUTH_MODE: mode,
        DEFENDER_API_URL: tap.url,
        METRICS_PORT: '0',
        AUDIT_LOG: auditFile,
        LOG_HASH_SECRET: HASH_SECRET,
        ROUTER_SECRET,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        DEFENDER_TIMEOUT_SECONDS: '1',
      },
      {},
      { clock, defender } as Road,
    );
    const answers: unknown[] = [];
    const ask = async (token: string, ...names: string[]) => {
      secrets.push(token);
      answers.push(await road.ask({ query: ENTITIES, variables: users(...names), token }));
      clock.advance(301_000);
    };
    const tokenFor = (name: string, expiresInSeconds = 28_800) =>
      mode === 'forward'
        ? defender.issuer.defenderToken(name, { expiresInSeconds })
        : defender.issuer.userToken(name, { expiresInSeconds });

    const good = await tokenFor('alice');
    await ask(good, 'user1', 'user2', PERSON);
    for (const fault of [
      { kind: 'status', status: 400 },
      { kind: 'status', status: 401 },
      { kind: 'status', status: 403 },
      { kind: 'status', status: 500, body: `the token was ${good}` },
      { kind: 'tooManyRequests', retryAfter: 1 },
      { kind: 'reset' },
      { kind: 'truncated' },
      { kind: 'notJson', body: `<html>${good}</html>` },
      { kind: 'wrongShape', shape: 'noValue' },
      { kind: 'claimsChallenge', claims: '{"access_token":{"acrs":{"essential":true}}}' },
    ] as const) {
      defender.faults.next({}, fault);
      await ask(good, PERSON);
    }
    if (mode === 'on-behalf-of') {
      for (const fault of [
        { kind: 'status', status: 500 },
        { kind: 'reset' },
        { kind: 'notJson' },
      ] as const) {
        defender.tokenFaults.next({}, fault);
        await ask(await tokenFor('bob'), PERSON);
      }
      secrets.push(defender.application.clientSecret);
    }
    await ask(await tokenFor('alice', 1), 'user1');
    await ask(`${good.slice(0, -8)}AAAAAAAA`, 'user1');
    await ask(good.replaceAll('.', '~'), 'user1');
    for (const body of [
      `{"query": "${good}`,
      `{"query":"{ ${good} }"}`,
      '[]',
      `{"query":"{ a }","variables":"${good}"}`,
    ]) {
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${good}`,
        'x-router-secret': ROUTER_SECRET,
      };
      const response = await fetch(road.url, {
        method: 'POST',
        headers: { ...headers, 'x-request-id': good },
        body,
      });
      answers.push(response.headers.get('x-request-id'));
      outputs['answers of bad requests'] =
        `${outputs['answers of bad requests'] ?? ''}${await response.text()}`;
    }
    const refused = await fetch(road.url, { headers: { 'x-router-secret': `${ROUTER_SECRET}!` } });
    answers.push(refused.status, await refused.text());
    const metrics = road.logged.map((line) => JSON.parse(line) as { url?: string; msg: string });
    const { url = '' } = metrics.find(({ msg }) => msg === 'metrics') ?? {};
    outputs['metrics'] = await (await fetch(url)).text();
    await road.close();

    outputs['traces'] = collector.bodies.join('');
    outputs['log'] = road.logged.join('');
    outputs['audit'] = readFileSync(auditFile, 'utf8');
    outputs['answers'] = JSON.stringify(answers);
    for (const { authorization = '' } of tap.headers)
      secrets.push(authorization.replace('Bearer ', ''));
    secrets.push(HASH_SECRET, ROUTER_SECRET);
  });
  afterAll(async () => {
    await tap.close();
    await collector.close();
    await defender.close();
  });

  test('each output has something in it, and there is something to look for', () => {
    for (const output of ['metrics', 'traces', 'log', 'audit', 'answers']) {
      expect([output, outputs[output]?.length ?? 0]).toEqual([output, expect.any(Number)]);
      expect(outputs[output]?.length ?? 0).toBeGreaterThan(1_000);
    }
    expect(outputs['traces']).toContain('GET /api/users/{id}/machines');
    expect(new Set(secrets).size).toBeGreaterThan(4);
    expect(secrets.every((secret) => secret.length > 10)).toBe(true);
    const bytes = Object.values(outputs).reduce((sum, output) => sum + output.length, 0);
    process.stdout.write(
      `canary, ${mode}: ${new Set(secrets.flatMap(partsOf)).size} secrets and their parts looked for in ` +
        `${Object.keys(outputs).length} outputs of ${bytes} characters together\n`,
    );
  });

  test.each(['metrics', 'traces', 'log', 'audit', 'answers'])(
    '%s: no token and no secret',
    (output) => {
      for (const part of new Set(secrets.flatMap(partsOf)))
        expect(outputs[output]).not.toContain(part);
    },
  );

  test('what is wrong with a request is told without its token, unless that is in the query itself', () => {
    const told = outputs['answers of bad requests'] ?? '';
    expect(told.length).toBeGreaterThan(100);
    for (const part of partsOf(secrets[0] ?? '')) expect(told).not.toContain(part);
  });

  test('Defender: not the secret of the router', () => {
    expect(tap.headers.length).toBeGreaterThan(5);
    expect(JSON.stringify(tap.headers)).not.toContain(ROUTER_SECRET);
  });

  test.each(['metrics', 'traces', 'log', 'audit'])('%s: nobody by name', (output) => {
    expect(outputs[output]).not.toContain(PERSON);
    expect(outputs[output]).not.toContain(encodeURIComponent(PERSON));
  });
});

test.each([
  ['an error that nobody caught', 'throw error;'],
  ['a rejection that nobody handled', 'Promise.reject(error);'],
])('nor when the process crashes for %s', async (_, crash) => {
  const token = `eyJ${'a'.repeat(40)}.${'b'.repeat(40)}.${'c'.repeat(40)}`;
  const secret = 'canary-client-secret';
  const preload = `process.once('SIGWINCH', () => {
    const request = { headers: { authorization: 'Bearer ${token}' }, body: 'client_secret=${secret}' };
    const error = Object.assign(new Error('with ${token}', { cause: new Error('${secret}') }), { request });
    ${crash}
  });`;
  const GUID = '3f1b6c2e-8a47-4d0b-9c55-6e2d1a7f4b90';
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--import',
      `data:text/javascript,${encodeURIComponent(preload)}`,
      'src/main.ts',
    ],
    {
      cwd: path.join(__dirname, '..'),
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        DEFENDER_CLOUD: 'global',
        AUTH_MODE: 'on-behalf-of',
        ENTRA_CLIENT_ID: GUID,
        ENTRA_TENANT_ID: GUID,
        ENTRA_CLIENT_SECRET: secret,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  try {
    const exited = once(child, 'exit');
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    const err = text(child.stderr);
    await once(output, 'line');
    child.kill('SIGWINCH');
    expect(await exited).toEqual([1, null]);
    const told = `${lines.join('\n')}\n${await err}`;
    expect(told).toContain('with [redacted]');
    expect(told).not.toMatch(/a{20}|b{20}|c{20}|canary-client-secret/);
  } finally {
    child.kill('SIGKILL');
  }
});
