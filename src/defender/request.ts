import { promisify } from 'node:util';
import { inflateRaw, unzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import { Failure } from '../errors.ts';

/** An undici dispatcher that is bound to the configured API host: a token has nowhere else to go. */
export type Transport = Pick<Dispatcher, 'request'>;

export interface Answer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: Buffer;
}

export interface RequestOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly timeoutMilliseconds: number;
  /** Both of the body as it arrives and of the body when decompressed. */
  readonly maxBytes: number;
}

/** One GET, whatever its status. `path` starts with a slash; `headers` are sent beside the token. */
export type Request = (
  path: string,
  token: string,
  signal: AbortSignal,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/**
 * Rejects with a Failure (UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, UPSTREAM_INVALID_RESPONSE), or with the signal's
 * reason.
 */
export function createRequest(options: RequestOptions): Request {
  const { transport, clock, timeoutMilliseconds, maxBytes } = options;

  return async (path, token, signal, others) => {
    signal.throwIfAborted();
    const stop = new AbortController();
    const abort = () => stop.abort(signal.reason);
    // Not by AbortSignal.any, which costs as much as reading the answer.
    signal.addEventListener('abort', abort, { once: true });
    const cancelTimeout = clock.after(timeoutMilliseconds, () => stop.abort(timedOut()));
    let head: Omit<Answer, 'body'> | undefined;
    try {
      const response = await transport.request({
        method: 'GET',
        path,
        headers: {
          ...others,
          accept: 'application/json',
          'accept-encoding': 'gzip, deflate',
          authorization: `Bearer ${token}`,
        },
        signal: stop.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      head = { status: response.statusCode, headers: response.headers };
      const received = await receive(response.body, maxBytes);
      const body = await decompressed(received, head.headers['content-encoding'], maxBytes);
      return { ...head, body };
    } catch (error) {
      // An abort surfaces as its reason, or as an error of the half-read body.
      if (signal.aborted) throw signal.reason;
      // What a refusal means is in its head: no 403 or 429 is lost over a body that only explains it.
      if (head && head.status !== 200) return { ...head, body: Buffer.alloc(0) };
      if (stop.signal.aborted) throw stop.signal.reason;
      throw error instanceof Failure ? error : unreachable(error);
    } finally {
      cancelTimeout();
      signal.removeEventListener('abort', abort);
    }
  };
}

async function receive(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, bytes);
}

const unzipped = promisify<Buffer, { maxOutputLength: number }, Buffer>(unzip);
const inflatedRaw = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);

async function decompressed(
  body: Buffer,
  encoding: string | string[] | undefined,
  maxBytes: number,
): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity' || body.length === 0) return body;
  // Servers send "deflate" both with the zlib header, whose low four bits are 8, and without.
  const isRaw = encoding === 'deflate' && ((body[0] ?? 0) & 0x0f) !== 8;
  try {
    return await (isRaw ? inflatedRaw : unzipped)(body, { maxOutputLength: maxBytes });
  } catch (error) {
    throw isTooLarge(error)
      ? tooLarge(maxBytes)
      : new Failure(
          'UPSTREAM_INVALID_RESPONSE',
          'Defender sent an answer that can not be decompressed. Try again.',
          {},
          { cause: error },
        );
  }
}

function isTooLarge(error: unknown): boolean {
  return codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
}

function tooLarge(maxBytes: number): Failure {
  return new Failure(
    'UPSTREAM_INVALID_RESPONSE',
    `Defender sent more than ${Math.round(maxBytes / 1_048_576)} MiB for one user. ` +
      'Ask the operator of this service to raise DEFENDER_MAX_RESPONSE_MEGABYTES.',
  );
}

function timedOut(): Failure {
  return new Failure('UPSTREAM_TIMEOUT', 'Defender did not answer in time. Try again.');
}

function unreachable(cause: unknown): Failure {
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    'Defender can not be reached. Try again in a minute.',
    {},
    { cause },
  );
}

/** Whether the connection broke, so that nobody knows whether the call was answered. */
export function isBrokenConnection({ cause }: Failure): boolean {
  return BROKEN.has(codeOf(cause));
}

/** Of undici's SocketError, and of the socket itself. */
const BROKEN: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

function codeOf(error: unknown): unknown {
  return (Object(error) as { code?: unknown }).code;
}
