import { randomUUID } from 'node:crypto';
import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';

export interface EntraError {
  readonly status?: number;
  readonly error: string;
  /** The number behind AADSTS. */
  readonly code: number;
  readonly message: string;
  readonly suberror?: string;
  /** JSON text: the claims to ask for, so that the person is asked for more. */
  readonly claims?: string;
  /** From the request, or made up. */
  readonly correlationId?: string | undefined;
}

/** A refusal of the token endpoint in the shape that Entra v2 gives it. */
export function entraError(error: EntraError, now: number): Answer {
  const { status = 400, code, message, suberror, claims } = error;
  const traceId = randomUUID();
  const correlationId = error.correlationId ?? randomUUID();
  const timestamp = new Date(now).toISOString().replace('T', ' ').replace(/\.\d+/, '');
  return jsonAnswer(status, {
    error: error.error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    ...(suberror ? { suberror } : {}),
    ...(claims ? { claims } : {}),
  });
}

/** What the endpoint says while it is overloaded or down. */
export function entraOutage(status: number, now: number): Answer {
  const code = status === 429 ? 90055 : 90033;
  const message =
    status === 429
      ? 'The request was throttled due to too many requests.'
      : 'A transient error has occurred. Please try again.';
  return entraError({ status, error: 'temporarily_unavailable', code, message }, now);
}
