import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { Failure } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';

/** Characters. What GraphQL says of a request quotes it, and some of it more than once. */
const LONGEST_MESSAGE = 1_000;
const SUGGESTION = 'Did you mean ';

/**
 * The one place where a failure becomes what a client reads. Whoever hides suggestions tells nobody the names of a schema
 * for names that are nearly right. Apollo Server's own way to hide them leaves those in variables, and looks for them with
 * an expression that takes minutes where a client has written megabytes of them.
 */
export function createFormatError(log: Log, hidesSuggestions = false) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { locations, path } = formatted;
    const place = { ...(locations && { locations }), ...(path && { path }) };
    const original = unwrapResolverError(error);

    if (original instanceof Failure) {
      const { code, message, details, cause } = original;
      log.debug({ code, path, cause: cause instanceof Error ? cause.message : undefined }, message);
      return { message, ...place, extensions: { code, ...details } };
    }
    const code = clientErrorCode(original);
    if (code !== undefined) {
      const message = quoting(formatted.message, hidesSuggestions);
      return { message, ...place, extensions: { code } };
    }
    log.error({ err: original, path }, 'a fault of this service');
    return {
      message: 'This service has a fault. Try again; if it stays so, tell its operator.',
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };
}

function quoting(message: string, hidesSuggestions: boolean): string {
  // They come last, and end in a question mark; what is quoted before them may read like one.
  const at = hidesSuggestions && message.endsWith('?') ? message.lastIndexOf(SUGGESTION) : -1;
  const text = at < 0 ? message : message.slice(0, at).trimEnd();
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)}…`;
}

/**
 * The code of an error that GraphQL itself or Apollo Server raised about the request: its text names only what the client
 * sent. Undefined for a fault of ours.
 */
function clientErrorCode(error: unknown): unknown {
  if (!(error instanceof GraphQLError)) return undefined;
  if (error.originalError && !(error.originalError instanceof GraphQLError)) return undefined;
  const { code } = error.extensions;
  if (code !== undefined && code !== 'INTERNAL_SERVER_ERROR') return code;
  // The executor's own, before any field: there is no mutation or subscription to execute.
  return error.path === undefined ? 'OPERATION_RESOLUTION_FAILURE' : undefined;
}
