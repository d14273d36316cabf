import { Failure } from '../errors.ts';
import type { Instruments } from '../telemetry/instruments.ts';
import { spanned, type Span } from '../telemetry/tracing.ts';
import type { Request } from './request.ts';

/** Without the name of the user. */
const ROUTE = '/api/users/{id}/machines';

/** Counts, times and traces each call of the Defender API. */
export function observedRequest(next: Request, { meter, tracing, now }: Instruments): Request {
  return async (path, token, signal, headers) => {
    const startedAt = now();
    let status = 'cancelled';
    const call = async (span?: Span) => {
      try {
        const traced = span ? { ...headers, traceparent: span.traceparent } : headers;
        const answer = await next(path, token, signal, traced);
        status = String(answer.status);
        span?.set({ 'http.response.status_code': answer.status });
        return answer;
      } catch (error) {
        if (error instanceof Failure) status = error.code;
        throw error;
      }
    };
    try {
      const span = tracing?.start(`GET ${ROUTE}`, {
        kind: 'client',
        attributes: {
          'http.request.method': 'GET',
          'url.template': ROUTE,
          'user_machines.client_request_id': headers?.['x-ms-client-request-id'] ?? '',
        },
      });
      return await (span ? spanned(span, () => call(span)) : call());
    } finally {
      meter.add('calls', { status });
      meter.observe('callTime', {}, (now() - startedAt) / 1_000);
    }
  };
}
