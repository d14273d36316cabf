import type { Instruments } from '../telemetry/instruments.ts';
import { spanned } from '../telemetry/tracing.ts';
import type { LoginHost } from './loginHost.ts';

/** Counts, times and traces what the login authority is asked: a key set by GET, an exchange by POST. */
export function observedLogin(next: LoginHost, { meter, tracing, now }: Instruments): LoginHost {
  return async (url, request) => {
    const purpose = request.method === 'POST' ? 'exchange' : 'keys';
    const startedAt = now();
    let status = 'error';
    const ask = async () => {
      const response = await next(url, request);
      status = String(response.status);
      return response;
    };
    try {
      const attributes = { 'http.request.method': request.method };
      const span = tracing?.start(`login authority: ${purpose}`, { kind: 'client', attributes });
      return await (span ? spanned(span, ask) : ask());
    } finally {
      meter.add('logins', { purpose, status });
      meter.observe('loginTime', { purpose }, (now() - startedAt) / 1_000);
    }
  };
}
