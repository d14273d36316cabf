import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

const ALLOWED = [
  'accept',
  'apollo-require-preflight',
  'authorization',
  'content-type',
  'traceparent',
  'tracestate',
  'x-defender-priority',
  'x-request-id',
];
const EXPOSED = ['retry-after', 'x-request-id'];
/** Seconds. Chromium remembers none for longer. */
const MAX_AGE = 7_200;

/** Lets pages of these origins ask. A token travels in a header that a page sets itself: there are no cookies to let in. */
export async function allowOrigins(
  http: FastifyInstance,
  origins: readonly string[],
): Promise<void> {
  await http.register(cors, {
    origin: [...origins],
    credentials: false,
    methods: ['GET', 'POST'],
    allowedHeaders: ALLOWED,
    exposedHeaders: EXPOSED,
    maxAge: MAX_AGE,
  });
}
