import { fastify, type FastifyInstance, type RouteHandlerMethod } from 'fastify';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { Config } from '../config.ts';
import type { Log } from '../telemetry/log.ts';
import type { Meter } from '../telemetry/metrics.ts';
import { createAdmission } from './admission.ts';
import { allowOrigins } from './cors.ts';
import { refuseOddHosts } from './host.ts';
import { createPressureGauge } from './pressure.ts';
import { createRouterCheck } from './routerSecret.ts';
import { SECURITY_HEADERS, setSecurityHeaders } from './securityHeaders.ts';
import { createShedding } from './shedding.ts';
import { cutSlowReaders, receiveOptions, type SlowClientLimits } from './slowClients.ts';
import { answerUndecodable, answerUnreadable } from './unreadable.ts';

/** What keeps an HTTP server from those whom it does not serve, and from more than it can do. */
export interface Protection {
  /** Whether a request may be answered ahead of Fastify; else it is Fastify's, which may refuse it. */
  readonly isLetIn: (request: IncomingMessage) => boolean;
  /** What goes out with each answer ahead of Fastify, as name, value, name, value. */
  readonly headers: readonly string[];
  /** For how long requests have been shed; 0 while none are. */
  readonly sheddingMilliseconds: () => number;
  /** The server, with `front` before all its listeners. Its own routes answer anybody, also while requests are shed. */
  createHttp(front: (next: RequestListener) => RequestListener): FastifyInstance;
  /** Adds the route of GraphQL, for whoever is let in. */
  serveGraphql(http: FastifyInstance, handler: RouteHandlerMethod): Promise<void>;
}

/** Milliseconds. */
const HEADERS = 10_000;
const CHECK = 1_000;
const SAMPLE = 1_000;
/** Longer than load balancers keep a connection that nobody uses: who closes it first must be they. */
const KEEP_ALIVE = 72_000;

export function createProtection(config: Config, log: Log, meter: Meter): Protection {
  const { corsOrigins, routerSecrets, maxConnections, sendMilliseconds } = config.protection;
  const gauge = createPressureGauge(config.protection.shedding);
  const shedding = createShedding({ gauge, log, meter, sampleMilliseconds: SAMPLE });
  const admission = createAdmission({ isRouter: createRouterCheck(routerSecrets), shedding });
  const hasOrigins = corsOrigins.length > 0;
  const limits: SlowClientLimits = {
    headersMilliseconds: HEADERS,
    requestMilliseconds: config.requestDeadlineMilliseconds,
    sendMilliseconds,
    checkMilliseconds: CHECK,
  };

  return {
    isLetIn: admission.isLetIn,
    headers: Object.entries({ ...SECURITY_HEADERS, ...(hasOrigins && { vary: 'Origin' }) }).flat(),
    sheddingMilliseconds: shedding.milliseconds,
    createHttp(front) {
      const http = fastify({
        bodyLimit: config.maxBodyBytes,
        forceCloseConnections: 'idle',
        // What arrives on an open connection while others end is answered like them.
        return503OnClosing: false,
        clientErrorHandler: answerUnreadable,
        frameworkErrors: answerUndecodable,
        serverFactory: (listener) =>
          createServer(
            { ...receiveOptions(limits), keepAliveTimeout: KEEP_ALIVE },
            front(listener),
          ),
      });
      http.server.maxConnections = maxConnections;
      cutSlowReaders(http, limits, () => performance.now());
      setSecurityHeaders(http, !config.isProduction);
      http.addHook('onClose', (_http, done) => {
        shedding.close();
        done();
      });
      return http;
    },
    async serveGraphql(http, handler) {
      await http.register(async (guarded) => {
        // First: a page is to be able to read why it is refused.
        if (hasOrigins) await allowOrigins(guarded, corsOrigins);
        admission.guard(guarded);
        guarded.route({
          method: ['GET', 'POST', 'OPTIONS'],
          url: '/graphql',
          onRequest: refuseOddHosts,
          handler,
        });
      });
    },
  };
}
