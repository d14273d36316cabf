import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Log } from '../telemetry/log.ts';
import type { Readiness } from './readiness.ts';

/** How a server goes without losing a request: it says so, goes on answering, and leaves when it has been noticed. */
export interface Leaving {
  /** Serves `/healthz` and `/readyz`: status 200 where requests are welcome, else 503. */
  serveHealth(http: FastifyInstance): void;
  /**
   * From now on it is not ready, and each answer ends its connection: who keeps connections open opens the next one
   * elsewhere. Resolves after `milliseconds`, in which load balancers notice and requests are answered as before.
   */
  announce(milliseconds: number): Promise<void>;
  /** Whether it goes. */
  isLeaving(): boolean;
  /** Takes no new connections, lets running requests end, and cuts what has not ended after `milliseconds`. */
  drain(http: FastifyInstance, milliseconds: number): Promise<void>;
}

export function createLeaving(
  clock: Clock,
  log: Log,
  readiness: () => Promise<Readiness>,
): Leaving {
  let isLeaving = false;
  return {
    isLeaving: () => isLeaving,
    serveHealth(http) {
      http.addHook('onSend', (_request, reply, payload, done) => {
        if (isLeaving) reply.header('connection', 'close');
        done(null, payload);
      });
      http.get('/healthz', async () => ({ status: 'ok' }));
      http.get('/readyz', async (_request, reply): Promise<Readiness> => {
        const standing = isLeaving ? ({ status: 'stopping' } as const) : await readiness();
        const isWelcome = standing.status === 'ok' || standing.status === 'degraded';
        return reply.code(isWelcome ? 200 : 503).send(standing);
      });
    },
    announce(milliseconds) {
      isLeaving = true;
      if (milliseconds === 0) return Promise.resolve();
      return new Promise((resolve) => clock.after(milliseconds, resolve));
    },
    async drain(http, milliseconds) {
      const cancel = clock.after(milliseconds, () => {
        log.warn('closing connections whose requests did not end in time');
        http.server.closeAllConnections();
      });
      await http.close();
      cancel();
    },
  };
}
