import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Failure } from '../errors.ts';
import { NOT_THE_ROUTER } from './routerSecret.ts';
import { RETRY_AFTER, TOO_MUCH_TO_DO, type Shedding } from './shedding.ts';

export interface AdmissionOptions {
  readonly isRouter: (headers: IncomingMessage['headers']) => boolean;
  readonly shedding: Shedding;
}

/** Who is let in, before anything is read of a body. Whoever is not the router does not learn how much there is to do. */
export interface Admission {
  /** For who answers ahead of Fastify: all others come to a route behind `guard`, and hear why they are refused. */
  readonly isLetIn: (request: IncomingMessage) => boolean;
  /** Refuses at the routes of `http`, in the shape that GraphQL clients read. */
  guard(http: FastifyInstance): void;
}

export function createAdmission({ isRouter, shedding }: AdmissionOptions): Admission {
  return {
    isLetIn: ({ headers }) => !shedding.isShedding() && isRouter(headers),
    guard(http) {
      http.addHook('onRequest', (request, reply, done) => {
        if (!isRouter(request.headers)) refuse(request, reply.code(403), NOT_THE_ROUTER);
        else if (shedding.isShedding()) {
          shedding.refused();
          reply.code(503).header('retry-after', String(RETRY_AFTER));
          refuse(request, reply, TOO_MUCH_TO_DO);
        } else done();
      });
    },
  };
}

function refuse({ record }: FastifyRequest, reply: FastifyReply, failure: Failure): void {
  const { code, message, details } = failure;
  record.error(code);
  void reply
    .header('cache-control', 'no-store')
    .send({ errors: [{ message, extensions: { code, ...details } }] });
}
