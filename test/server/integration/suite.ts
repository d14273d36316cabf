import { setImmediate } from 'node:timers/promises';
import { ApolloServer, type BaseContext } from '@apollo/server';
import {
  defineIntegrationTestSuite,
  type CreateServerForIntegrationTests,
} from '@apollo/server-integration-testsuite';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { describe } from '@jest/globals';
import { fastify } from 'fastify';
import { createServer } from 'node:http';
import { createForward } from '../../../src/auth/forward.ts';
import { systemClock } from '../../../src/clock.ts';
import { MachineCache } from '../../../src/machines/cache.ts';
import { createRendered } from '../../../src/rendered/rendered.ts';
import { noInstruments } from '../../../src/telemetry/instruments.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { recordRequests } from '../../../src/telemetry/httpRecord.ts';
import { createRecorder } from '../../../src/telemetry/recorder.ts';
import { readJsonBodies, readPlainJson } from '../../../src/server/jsonBody.ts';

/**
 * What stands before Apollo Server in this service, before any server that the suite wants. The suite has an Apollo Server
 * of its own, whose types are others.
 */
const integration: CreateServerForIntegrationTests = async (config, options) => {
  const recorder = createRecorder({ ...noInstruments, report: () => {}, isAudited: false });
  const rendered = createRendered({
    ...createForward(),
    cache: new MachineCache({
      clock: systemClock,
      maxBytes: 1_048_576,
      ttlMilliseconds: 1_000,
      staleMilliseconds: 0,
      negativeTtlMilliseconds: 1_000,
    }),
    renew: () => {},
    clock: systemClock,
    userKey: 'id',
    maxUsersPerRequest: 100,
    recorder,
    readJson: readPlainJson,
    quiet: setImmediate,
    isLetIn: () => true,
    headers: [],
    log: createLog('silent'),
  });
  const http = fastify({ serverFactory: (listener) => createServer(rendered.front(listener)) });
  readJsonBodies(http, 1_048_576);
  recordRequests(http, recorder, []);
  // Nothing is learned: no schema of the suite has what is remembered here.
  const server = new ApolloServer<BaseContext>(config as never);
  await server.start();
  const ordinary = fastifyApolloHandler(server as never, options as never);
  http.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: '/',
    handler: rendered.around(ordinary),
  });
  await http.listen({ host: '127.0.0.1', port: 0 });
  return {
    server: server as never,
    url: http.listeningOrigin,
    extraCleanup: () => http.close(),
  };
};

describe('Apollo Server behind this service', () => {
  defineIntegrationTestSuite(integration);
});
