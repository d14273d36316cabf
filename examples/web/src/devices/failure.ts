import { CombinedGraphQLErrors } from '@apollo/client/errors';

/** Why the devices of one person are not there. */
export interface Failure {
  /** `RATE_LIMITED`, `FORBIDDEN` …: the codes in the README of the subgraph; `NETWORK` where no answer came at all. */
  readonly code: string;
  readonly message: string;
  /** From when asking again can succeed, in milliseconds since the epoch. */
  readonly retryAt?: number;
  /** A claims challenge in base64. */
  readonly claims?: string;
}

interface GraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The failures in an answer to `users(ids: …)`, by the place in the list; under `undefined` one that is nobody's own. */
export function failuresIn(error: unknown, now: number): ReadonlyMap<number | undefined, Failure> {
  const failures = new Map<number | undefined, Failure>();
  if (error === undefined) return failures;
  if (!CombinedGraphQLErrors.is(error)) {
    failures.set(undefined, {
      code: 'NETWORK',
      message: 'No answer came. Check the connection, then try again.',
    });
    return failures;
  }
  for (const one of error.errors as readonly GraphError[]) {
    const place = one.path?.[1];
    const key = typeof place === 'number' ? place : undefined;
    // Each field of a person tells the same failure.
    if (!failures.has(key)) failures.set(key, failureOf(one, now));
  }
  return failures;
}

function failureOf({ message, extensions = {} }: GraphError, now: number): Failure {
  const { code, retryAfterSeconds, claims } = extensions;
  return {
    code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
    message,
    ...(typeof retryAfterSeconds === 'number' && { retryAt: now + retryAfterSeconds * 1_000 }),
    ...(typeof claims === 'string' && { claims }),
  };
}
