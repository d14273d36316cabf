import { setImmediate } from 'node:timers/promises';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastify, type RouteHandlerMethod } from 'fastify';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import type { Identity, Priority } from '../../src/auth/caller.ts';
import { createForward } from '../../src/auth/forward.ts';
import type { UserKey } from '../../src/config.ts';
import { createCacheControl } from '../../src/graphql/cacheControl.ts';
import { createContext, type Context } from '../../src/graphql/context.ts';
import { createExecution } from '../../src/graphql/execution.ts';
import { createFormatError } from '../../src/graphql/formatError.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { MachineCache } from '../../src/machines/cache.ts';
import { shared } from '../../src/machines/flight.ts';
import { recalled } from '../../src/machines/ladder.ts';
import { createRenew } from '../../src/machines/renewal.ts';
import { remembered } from '../../src/machines/remembered.ts';
import type { Sighting } from '../../src/machines/sighting.ts';
import { createRendered } from '../../src/rendered/rendered.ts';
import { readPlainJson } from '../../src/server/jsonBody.ts';
import { recordRequests } from '../../src/telemetry/httpRecord.ts';
import { noInstruments } from '../../src/telemetry/instruments.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createRecorder } from '../../src/telemetry/recorder.ts';
import { ManualClock } from '../../emulator/manualClock.ts';

/** What a caller's token would get for a user at the moment: machines, null, or a Failure that is thrown. */
type Upstream = (token: string, userName: string) => Sighting['machines'];

export interface Reply {
  readonly status: number;
  readonly contentType: unknown;
  readonly cacheControl: unknown;
  readonly text: string;
  readonly json: unknown;
}

interface Settings {
  readonly upstream: Upstream;
  readonly userKey?: UserKey;
  readonly maxBytes?: number;
  readonly maxUsersPerRequest?: number;
  readonly identity?: Identity;
}

/** The road from HTTP to the cache, with what Defender says in the test's hands. */
export async function openRendered(settings: Settings) {
  const { upstream, userKey = 'id', maxUsersPerRequest = 5_000 } = settings;
  const { authenticate, recognize } = settings.identity ?? createForward();
  const clock = new ManualClock();
  const log = createLog('silent');
  const calls: Priority[] = [];
  let executed = 0;

  const cache = new MachineCache({
    clock,
    maxBytes: settings.maxBytes ?? 10_000_000,
    ttlMilliseconds: 300_000,
    negativeTtlMilliseconds: 60_000,
    staleMilliseconds: 3_600_000,
  });
  const live = shared(
    remembered(cache, async (caller, userName, signal) => {
      calls.push(caller.priority);
      const machines = upstream(await caller.defenderToken(signal), userName);
      const readAt = clock.now();
      return { machines, readAt, freshUntil: readAt, complete: true, source: 'LIVE' };
    }),
  );
  let isLetIn = true;
  const recorder = createRecorder({ ...noInstruments, report: () => {}, isAudited: false });
  const renew = createRenew(clock, live);
  const rendered = createRendered({
    ...{ recognize, cache, renew, clock, userKey, maxUsersPerRequest, log },
    ...{
      recorder,
      readJson: readPlainJson,
      quiet: setImmediate,
      isLetIn: () => isLetIn,
      headers: ['x-always', 'there'],
    },
  });
  const contextOf = createContext({
    authenticate,
    machinesOf: recalled(cache, clock, renew, live),
    hasSeen: () => false,
    outlook: {
      budget: () => Promise.reject(new Error('not asked here')),
      estimate: () => Promise.reject(new Error('not asked here')),
    },
    clock,
    deadlineMilliseconds: 30_000,
    maxUsersPerRequest,
  });
  const schemas = createSchema(userKey);
  const formatError = createFormatError(log);
  const execution = createExecution(schemas, formatError);
  /** graphql-js alone executes what is asked for as a whole. */
  const unlessWhole: ApolloServerPlugin<Context> = {
    requestDidStart: async (asked) =>
      asked.request.extensions?.['whole'] ? undefined : execution.requestDidStart?.(asked),
  };
  const apollo = new ApolloServer<Context>({
    schema: schemas.schema,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    formatError,
    plugins: [
      rendered.plugin,
      createCacheControl(),
      ApolloServerPluginInlineTraceDisabled(),
      unlessWhole,
    ],
  });
  await apollo.start();
  const http = fastify({
    bodyLimit: 4_194_304,
    serverFactory: (listener) => createServer(rendered.front(listener)),
  });
  recordRequests(http, recorder, []);
  const whole = fastifyApolloHandler(apollo, {
    context: async ({ headers, record }, reply) =>
      contextOf({
        authorization: headers.authorization,
        priority: 'interactive',
        record,
        onClose: (callback) => reply.raw.once('close', callback),
      }),
  });
  const ordinary: RouteHandlerMethod = function (request, reply) {
    executed += 1;
    return whole.call(this, request, reply);
  };
  http.route({ method: ['GET', 'POST'], url: '/graphql', handler: rendered.around(ordinary) });
  await http.listen({ host: '127.0.0.1', port: 0 });
  const { port } = http.server.address() as AddressInfo;
  const client = new Pool(`http://127.0.0.1:${port}`);

  return {
    port,
    clock,
    cache,
    calls,
    /** How many requests the ordinary road has answered. */
    executed: () => executed,
    /** From now on the HTTP server lets nobody in. */
    shut() {
      isLetIn = false;
    },
    async post(body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
      const response = await client.request({
        ...{ method: 'POST', path: '/graphql' },
        headers: { 'content-type': 'application/json', authorization: 'Bearer alice', ...headers },
        body: JSON.stringify(body),
      });
      const text = await response.body.text();
      return {
        status: response.statusCode,
        contentType: response.headers['content-type'],
        cacheControl: response.headers['cache-control'],
        text,
        json: JSON.parse(text) as unknown,
      };
    },
    async close() {
      await client.close();
      await apollo.stop();
      await http.close();
    },
  };
}

export type RenderedRoad = Awaited<ReturnType<typeof openRendered>>;

export function representations(...ids: readonly unknown[]): object[] {
  return ids.map((id) => ({ __typename: 'User', id }));
}
