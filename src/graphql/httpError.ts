import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../telemetry/log.ts';

/** Answers what is refused before GraphQL sees it in the shape that GraphQL clients read, without a word of what was sent. */
export function createHttpErrorHandler(maxBodyBytes: number, log: Log) {
  return (
    error: Pick<FastifyError, 'statusCode'>,
    _request: FastifyRequest,
    reply: FastifyReply,
  ): void => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ err: error }, 'a fault of this service');
    void reply.code(status).send({
      errors: [
        {
          message: messageOf(status, maxBodyBytes),
          extensions: { code: status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST' },
        },
      ],
    });
  };
}

function messageOf(status: number, maxBodyBytes: number): string {
  if (status === 404) return 'There is nothing here. Send GraphQL requests to /graphql by POST.';
  if (status === 413) {
    return `The request body is larger than ${maxBodyBytes / 1_048_576} MiB (MAX_BODY_MEGABYTES). Split the request.`;
  }
  if (status === 415) return 'Send the request with "Content-Type: application/json".';
  return status >= 500
    ? 'This service has a fault. Try again; if it stays so, tell its operator.'
    : 'The request is not well-formed: send a JSON object with "query" and "variables".';
}
