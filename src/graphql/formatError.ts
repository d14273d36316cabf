import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { Failure } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';

/** The one place where a failure becomes what a client reads. */
export function createFormatError(log: Log) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { locations, path } = formatted;
    const place = { ...(locations && { locations }), ...(path && { path }) };
    const original = unwrapResolverError(error);

    if (original instanceof Failure) {
      const { code, message, details, cause } = original;
      log.debug({ code, path, cause: cause instanceof Error ? cause.message : undefined }, message);
      return { message, ...place, extensions: { code, ...details } };
    }
    if (isClientError(original)) {
      return {
        message: formatted.message,
        ...place,
        extensions: { code: formatted.extensions?.code },
      };
    }
    log.error({ err: original, path }, 'a fault of this service');
    return {
      message: 'This service has a fault. Try again; if it stays so, tell its operator.',
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  };
}

/** Raised by GraphQL itself or by Apollo Server about the request: its text names only what the client sent. */
function isClientError(error: unknown): boolean {
  return (
    error instanceof GraphQLError &&
    (error.originalError === undefined || error.originalError instanceof GraphQLError) &&
    error.extensions.code !== undefined &&
    error.extensions.code !== 'INTERNAL_SERVER_ERROR'
  );
}
