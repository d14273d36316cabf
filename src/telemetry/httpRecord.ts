import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { RequestRecord } from './record.ts';
import type { Recorder, Recording } from './recorder.ts';
import { whenClosed } from './whenClosed.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What this request comes to. */
    record: RequestRecord;
    /** Undefined for a probe's. */
    recording: Recording | undefined;
  }
}

/** The client has gone without an answer: nginx' word for it. */
const GONE = 499;

/** Ends the recording with the answer: in any case, and once. */
export function recordUntilClose(response: ServerResponse, recording: Recording): void {
  whenClosed(response, () => recording.end(response.writableFinished ? response.statusCode : GONE));
}

/** Records all requests but those of probes, and tells each its id. */
export function recordRequests(
  http: FastifyInstance,
  recorder: Recorder,
  probes: readonly string[],
): void {
  // Not in a WeakMap, whose values live until the old ones are collected, and with them all that they hold.
  http.decorateRequest('recording', undefined);

  http.addHook('onRequest', (request, reply, done) => {
    const { method, headers, ip: address, routeOptions } = request;
    const { url: route = 'unknown' } = routeOptions;
    if (probes.includes(route)) {
      done();
      return;
    }
    const recording = recorder({ method, headers, address, route });
    request.recording = recording;
    request.record = recording.record;
    reply.header('x-request-id', recording.record.id);
    recordUntilClose(reply.raw, recording);
    done();
  });
  // Not before the body is read: its chunks come outside of what is entered here.
  http.addHook('preHandler', (request, _reply, done) => {
    if (request.recording) request.recording.within(done);
    else done();
  });
}
