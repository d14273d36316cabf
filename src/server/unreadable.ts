import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { SECURITY_HEADERS } from './securityHeaders.ts';

const MESSAGES = {
  400: 'The request is no well-formed HTTP.',
  408: 'The request did not come to its end in time.',
  431: 'The headers of the request are too large: 16 KiB at most.',
} as const;

/** Answers on a connection what is no request of HTTP, or did not become one in time, and ends it. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = statusOf(error.code);
  const body = JSON.stringify(bodyOf(MESSAGES[status]));
  const headers = Object.entries({ ...headersOf(body), connection: 'close' });
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  if (socket.writable) {
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('')}\r\n${body}`);
  }
  socket.destroy();
}

/** Answers a path that can't be decoded, which reaches no hook. */
export function answerUndecodable(_error: unknown, _request: unknown, reply: FastifyReply): void {
  const body = JSON.stringify(
    bodyOf('The path can not be decoded. GraphQL is served at /graphql.'),
  );
  reply.raw.writeHead(400, headersOf(body)).end(body);
}

function statusOf(code: string | undefined): keyof typeof MESSAGES {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
}

function headersOf(body: string) {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...SECURITY_HEADERS,
  };
}

function bodyOf(message: string) {
  return { errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] };
}
