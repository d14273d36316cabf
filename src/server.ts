import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { Pool } from 'undici';
import { createForward } from './auth/forward.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createAttempt } from './defender/attempt.ts';
import { guarded } from './defender/breaker.ts';
import { createBudget } from './defender/budget.ts';
import { MemoryStore } from './defender/budget/memoryStore.ts';
import { createGet } from './defender/get.ts';
import { createGetList } from './defender/list.ts';
import { observedBudget } from './defender/observedBudget.ts';
import { observedRequest } from './defender/observedRequest.ts';
import { createRequest } from './defender/request.ts';
import { retried } from './defender/retry.ts';
import { createAnswerText } from './graphql/answerText.ts';
import { createContext } from './graphql/context.ts';
import { createHttpErrorHandler } from './graphql/httpError.ts';
import { MachineCache } from './machines/cache.ts';
import { shared } from './machines/flight.ts';
import { createOutlook } from './machines/outlook.ts';
import { recalled } from './machines/ladder.ts';
import { createRenew } from './machines/renewal.ts';
import { remembered } from './machines/remembered.ts';
import { fetched } from './machines/source.ts';
import { showCache } from './machines/shownCache.ts';
import { traced } from './machines/traced.ts';
import { createVocabulary } from './machines/vocabulary.ts';
import { quiet } from './rendered/quiet.ts';
import { createRendered } from './rendered/rendered.ts';
import { createApolloServer } from './server/apolloServer.ts';
import { readJsonBodies, readPlainJson } from './server/jsonBody.ts';
import { createLeaving } from './server/leaving.ts';
import { createProtection } from './server/protection.ts';
import { createReadiness } from './server/readiness.ts';
import { createTelemetry } from './server/telemetry.ts';
import { recordRequests } from './telemetry/httpRecord.ts';
import type { Log } from './telemetry/log.ts';
import type { Tracing } from './telemetry/tracing.ts';
import { whenClosed } from './telemetry/whenClosed.ts';

export interface RunningServer {
  /** Where GraphQL is served, such as http://127.0.0.1:4001/graphql. */
  readonly url: string;
  /**
   * Is not ready any more, goes on answering for so many milliseconds (none unless given), takes no new connections then,
   * lets running requests end, and closes every connection.
   */
  close(graceMilliseconds?: number): Promise<void>;
}

/** A whole batch can be under way when Defender goes down, so more than a few failures prove nothing less. */
const BREAKER = { failures: 10, failuresOfOneUser: 3, restMilliseconds: 10_000 };

/** What asks every few seconds whether this service is there is nobody's request. */
const PROBES = ['/healthz', '/readyz'];

/** Builds everything once and listens. Traces go to `given`, or to where the configuration says. */
export async function startServer(
  config: Config,
  clock: Clock,
  log: Log,
  given?: Tracing,
): Promise<RunningServer> {
  const telemetry = await createTelemetry(config, log, given);
  const { instruments } = telemetry;
  const { meter, tracing } = instruments;
  const transport = new Pool(config.defender.apiUrl, {
    connections: config.defender.maxConcurrency,
    pipelining: 1,
  });
  const { limits, maxConcurrency, maxWaitMilliseconds } = config.defender;
  // The clients of Redis and of the login authority are a fifth of the work of a start: who needs neither does not load them.
  const sharing =
    config.redis &&
    (await import('./server/sharing.ts')).createSharing(config.redis, config.cache, clock, log);
  const windows = { limits, marginMilliseconds: 1_000 };
  const limited = createBudget({
    clock,
    store: sharing?.budgetStore(windows) ?? new MemoryStore({ ...windows, clock }),
    limits,
    maxConcurrency,
    maxWaitMilliseconds,
    log,
  });
  const budget = observedBudget(limited, instruments);
  const request = createRequest({
    transport,
    clock,
    timeoutMilliseconds: config.defender.timeoutMilliseconds,
    maxBytes: config.defender.maxResponseBytes,
  });
  const attempt = guarded(
    createAttempt({ request: observedRequest(request, instruments), budget, clock }),
    { ...BREAKER, log },
  );
  const getList = createGetList(createGet(retried(attempt)));

  const cache = new MachineCache({
    clock,
    ...config.cache,
    ...(sharing && { tagOf: sharing.tagOf }),
  });
  showCache(cache, meter);
  if (sharing) meter.watch('redisReady', () => [[{}, Number(sharing.isReady())]]);
  const read = remembered(cache, fetched(getList, createVocabulary(log, meter), clock));
  const pooled = sharing && traced('shared cache', tracing, sharing.pooled(cache, read));
  const live = traced('cache miss', tracing, shared(pooled ?? read));
  const renew = createRenew(clock, live);
  const machinesOf = recalled(cache, clock, renew, live);

  const onBehalfOf =
    config.auth.mode === 'forward'
      ? undefined
      : (await import('./auth/onBehalfOf.ts')).createOnBehalfOf({
          ...config.auth,
          partitionKey: sharing?.partitionKey ?? randomBytes(32),
          timeoutMilliseconds: config.defender.timeoutMilliseconds,
          clock,
          log,
          instruments,
        });
  const { authenticate, recognize } = onBehalfOf ?? createForward();
  const protection = createProtection(config, log, meter);
  const leaving = createLeaving(
    clock,
    log,
    createReadiness({
      now: clock.now,
      keySets: onBehalfOf?.keySets,
      isRedisReady: sharing?.isReady,
      pausedUntil: budget.pausedUntil,
      sheddingMilliseconds: protection.sheddingMilliseconds,
    }),
  );
  const rendered = createRendered({
    ...{ recognize, cache, renew, clock, log },
    userKey: config.userKey,
    maxUsersPerRequest: config.maxUsersPerRequest,
    recorder: telemetry.recorder,
    readJson: readPlainJson,
    quiet,
    isLetIn: (incoming) => !leaving.isLeaving() && protection.isLetIn(incoming),
    headers: protection.headers,
  });
  const contextOf = createContext({
    authenticate,
    machinesOf,
    hasSeen: (caller, userName) => cache.last(caller, userName) !== undefined,
    outlook: createOutlook(cache, budget),
    clock,
    deadlineMilliseconds: config.requestDeadlineMilliseconds,
    maxUsersPerRequest: config.maxUsersPerRequest,
    tracing,
  });

  const http = protection.createHttp(rendered.front);
  const answerText = createAnswerText();
  const apollo = createApolloServer(config, rendered.plugin, log, tracing, answerText);
  await apollo.start();
  readJsonBodies(http, config.maxBodyBytes);
  recordRequests(http, telemetry.recorder, PROBES);
  const refuse = createHttpErrorHandler(config.maxBodyBytes, log);
  http.setErrorHandler(refuse);
  http.setNotFoundHandler((asked, reply) => refuse({ statusCode: 404 }, asked, reply));
  leaving.serveHealth(http);
  const ordinary = fastifyApolloHandler(apollo, {
    context: async ({ headers, record }, reply) =>
      contextOf({
        authorization: headers.authorization,
        priority: headers['x-defender-priority'] === 'bulk' ? 'bulk' : 'interactive',
        record,
        onClose: (callback) => whenClosed(reply.raw, callback),
      }),
  });
  await protection.serveGraphql(http, rendered.around(answerText.around(ordinary)));
  void onBehalfOf?.keySets.fetchMissing();
  await sharing?.settled();
  await http.listen({ host: config.host, port: config.port });

  const { port } = http.server.address() as AddressInfo;
  return {
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}/graphql`,
    async close(graceMilliseconds = 0) {
      await leaving.announce(graceMilliseconds);
      await leaving.drain(http, config.requestDeadlineMilliseconds);
      await apollo.stop();
      await transport.close();
      sharing?.close();
      await telemetry.close();
    },
  };
}
