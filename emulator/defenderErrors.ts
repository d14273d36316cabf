import { randomUUID } from 'node:crypto';
import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';

const codes: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'ResourceNotFound',
  429: 'TooManyRequests',
  500: 'InternalServerError',
};

/** The error body that the API has for a status. `target` is the correlation id for Microsoft's support. */
export function defenderError(status: number, message: string, headers = {}): Answer {
  return jsonAnswer(status, defenderErrorBody(status, message), headers);
}

export function defenderErrorBody(status: number, message = 'Something went wrong.'): object {
  const code = codes[status] ?? (status >= 500 ? 'InternalServerError' : 'BadRequest');
  return { error: { code, message, target: randomUUID() } };
}
