import { Failure } from '../errors.ts';
import type { Instruments } from '../telemetry/instruments.ts';
import { spanned, type Tracing } from '../telemetry/tracing.ts';
import type { Request } from './request.ts';

/** Without the name of the user. */
const ROUTE = '/api/users/{id}/machines';

/** Counts, times and traces each call of the Defender API. */
export function observedRequest(next: Request, { meter, tracing, now }: Instruments): Request {
  const call = tracing ? tracedRequest(next, tracing) : next;
  return async (path, token, signal, headers) => {
    const startedAt = now();
    let status = 'cancelled';
    try {
      const answer = await call(path, token, signal, headers);
      status = String(answer.status);
      return answer;
    } catch (error) {
      if (error instanceof Failure) status = error.code;
      throw error;
    } finally {
      meter.add('calls', { status });
      meter.observe('callTime', {}, (now() - startedAt) / 1_000);
    }
  };
}

function tracedRequest(next: Request, tracing: Tracing): Request {
  return (path, token, signal, headers) => {
    const span = tracing.start(`GET ${ROUTE}`, {
      kind: 'client',
      attributes: {
        'http.request.method': 'GET',
        'url.template': ROUTE,
        'user_machines.client_request_id': headers?.['x-ms-client-request-id'] ?? '',
      },
    });
    return spanned(span, async () => {
      const { traceparent } = span;
      const answer = await next(path, token, signal, { ...headers, traceparent });
      span.set({ 'http.response.status_code': answer.status });
      return answer;
    });
  };
}
