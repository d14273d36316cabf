import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { Redis } from 'ioredis';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { environmentBeside } from '../emulator/environmentBeside.ts';
import { loadConfig } from '../src/config.ts';
import { traceRedis } from '../src/redis/traced.ts';
import { startServer, type RunningServer } from '../src/server.ts';
import { createLog } from '../src/telemetry/log.ts';
import { createTracing } from '../src/telemetry/openTelemetry.ts';
import { spanned } from '../src/telemetry/tracing.ts';
import { ManualClock } from '../emulator/manualClock.ts';
import { hasRedisServer, startRedisServer } from './redis/server.ts';
import { ENTITIES, users, untilKept } from './road.ts';
import { startWiretap, type Wiretap } from './telemetry/wiretap.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const exporter = new InMemorySpanExporter();
const tracing = createTracing(new SimpleSpanProcessor(exporter), 'machines');
let defender: Emulator;
let tap: Wiretap;
let server: RunningServer;

beforeAll(async () => {
  const clock = new ManualClock();
  defender = await startEmulator({ now: clock.now, limits: 'none' });
  tap = await startWiretap(defender.url);
  const config = loadConfig(environmentBeside(tap.url));
  server = await startServer(config, clock, createLog('silent'), tracing);
});
afterAll(async () => {
  await server.close();
  await tap.close();
  await defender.close();
});

async function ask(...names: string[]): Promise<void> {
  const token = await defender.issuer.defenderToken('alice');
  const response = await fetch(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
    },
    body: JSON.stringify({
      query: ENTITIES.replace('query', 'query Devices'),
      variables: users(...names),
    }),
  });
  await response.text();
  while (!exporter.getFinishedSpans().some(({ name }) => name === 'POST /graphql'))
    await setImmediate();
}

/** Each span below the one that it is a child of, in the order of their starts. */
function tree(parent = 'b7ad6b7169203331'): object[] {
  return exporter
    .getFinishedSpans()
    .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
    .map((span) => ({ [span.name]: tree(span.spanContext().spanId) }));
}

test('the trace of the client goes through all layers, and on to Defender', async () => {
  exporter.reset();
  await ask('user1', 'user2');
  const miss = {
    'cache miss': [{ 'wait for budget': [] }, { 'GET /api/users/{id}/machines': [] }],
  };
  expect(tree()).toEqual([
    { 'POST /graphql': [{ 'GraphQL operation': [{ 'load users': [miss, miss] }] }] },
  ]);
  const spans = exporter.getFinishedSpans();
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([TRACE]));
  const calls = spans.filter(({ name }) => name.startsWith('GET'));
  expect(new Set(tap.headers.map(({ traceparent }) => traceparent))).toEqual(
    new Set(calls.map((span) => `00-${TRACE}-${span.spanContext().spanId}-01`)),
  );
  expect(spans.find(({ name }) => name === 'POST /graphql')?.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/graphql',
    'http.response.status_code': 200,
    'user_machines.users': 2,
    'user_machines.live': 2,
  });
  expect(spans.find(({ name }) => name === 'GraphQL operation')?.attributes).toMatchObject({
    'graphql.operation.name': 'Devices',
    'graphql.operation.type': 'query',
  });
});

test('who is cached has no span of their own, and what is rendered is traced as one request', async () => {
  await ask('user1', 'user2');
  await untilKept();
  exporter.reset();
  await ask('user1', 'user2');
  expect(tree()).toEqual([{ 'POST /graphql': [] }]);
  const [span] = exporter.getFinishedSpans();
  expect(span?.attributes).toMatchObject({
    'user_machines.road': 'rendered',
    'user_machines.cached': 2,
  });
});

test("Apollo's own trace is in the answer to a router that asks for it, and to no other", async () => {
  const token = await defender.issuer.defenderToken('alice');
  const extensions = async (headers: Readonly<Record<string, string>>) => {
    const answer = await fetch(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...headers,
      },
      body: JSON.stringify({ query: ENTITIES, variables: users('user1') }),
    });
    return ((await answer.json()) as { extensions?: { ftv1?: string } }).extensions;
  };
  expect(await extensions({})).toBeUndefined();
  const { ftv1 = '' } = (await extensions({ 'apollo-federation-include-trace': 'ftv1' })) ?? {};
  const trace = Buffer.from(ftv1, 'base64').toString('latin1');
  for (const part of ['_entities', 'machines', 'rbacGroupName']) expect(trace).toContain(part);
});

describe('spans that are not sent yet', () => {
  async function leaveWith(collector: string): Promise<void> {
    const env = { ...environmentBeside(tap.url), OTEL_EXPORTER_OTLP_ENDPOINT: collector };
    const traced = await startServer(loadConfig(env), new ManualClock(), createLog('silent'));
    const body = JSON.stringify({ query: '{ __typename }' });
    await fetch(traced.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await traced.close();
  }

  test('are sent when the server leaves', async () => {
    const collector = await startWiretap();
    try {
      await leaveWith(collector.url);
      expect(collector.bodies.join('')).toContain('POST /graphql');
    } finally {
      await collector.close();
    }
  });

  test('are given up where the collector is silent', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const sockets: Socket[] = [];
    silent.on('connection', (socket: Socket) => sockets.push(socket));
    try {
      // The exporter itself would wait for 10 seconds.
      await leaveWith(`http://127.0.0.1:${port}`);
      expect(sockets.length).toBeGreaterThan(0);
    } finally {
      // Else the exporter goes on trying behind the next tests.
      for (const socket of sockets) socket.end('HTTP/1.1 400 Bad\r\ncontent-length: 0\r\n\r\n');
      silent.close();
    }
  }, 8_000);
});

const describeWithRedis = hasRedisServer() ? describe : describe.skip;

describeWithRedis('with Redis', () => {
  test('a command within a trace is a span, without its key and value', async () => {
    exporter.reset();
    const redisServer = await startRedisServer();
    const stop = traceRedis(tracing);
    const redis = new Redis(redisServer.url, { protocol: 2 });
    try {
      await redis.ping();
      await spanned(tracing.start('outer'), async () => {
        await redis.set('key of user1', 'value');
        await redis.call('nonsense').catch(() => {});
      });
      stop();
      await redis.get('key of user1');
    } finally {
      redis.disconnect();
      await redisServer.stop();
    }
    const [set, failed, outer, ...others] = exporter.getFinishedSpans();
    expect(others).toEqual([]);
    expect([set?.name, failed?.name, outer?.name]).toEqual([
      'redis set',
      'redis nonsense',
      'outer',
    ]);
    expect(set?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(set?.attributes).toEqual({ 'db.system.name': 'redis', 'db.operation.name': 'set' });
    expect(failed?.attributes).toHaveProperty(['error.type'], 'redis');
  });
});
