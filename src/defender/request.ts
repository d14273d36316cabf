import { promisify } from 'node:util';
import { inflateRaw, unzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import { Failure } from '../errors.ts';
import { onAbort } from '../flights/onAbort.ts';
import { receive, type Received } from './receive.ts';

/** An undici dispatcher that is bound to the configured API host: a token has nowhere else to go. */
export type Transport = Pick<Dispatcher, 'dispatch'>;

export type Answer = Received;

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
    const headers = {
      ...others,
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate',
      authorization: `Bearer ${token}`,
    };
    const receiving = receive(
      transport,
      { method: 'GET', path, headers, headersTimeout: 0, bodyTimeout: 0 },
      { maxBytes, tooLarge: () => tooLarge(maxBytes) },
    );
    const takeBack = onAbort(signal, () => receiving.stop(signal.reason));
    const cancelTimeout = clock.after(timeoutMilliseconds, () => receiving.stop(timedOut()));
    try {
      const received = await receiving.answer;
      signal.throwIfAborted();
      const encoding = received.headers['content-encoding'];
      return encoding === undefined ? received : await decompressed(received, encoding, maxBytes);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw error instanceof Failure ? error : unreachable(error);
    } finally {
      cancelTimeout();
      takeBack();
    }
  };
}

const unzipped = promisify<Buffer, { maxOutputLength: number }, Buffer>(unzip);
const inflatedRaw = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);

async function decompressed(
  answer: Answer,
  encoding: string | string[],
  maxBytes: number,
): Promise<Answer> {
  const { status, body } = answer;
  if (encoding === 'identity' || body.length === 0) return answer;
  // Servers send "deflate" both with the zlib header, whose low four bits are 8, and without.
  const isRaw = encoding === 'deflate' && ((body[0] ?? 0) & 0x0f) !== 8;
  try {
    const plain = await (isRaw ? inflatedRaw : unzipped)(body, { maxOutputLength: maxBytes });
    return { ...answer, body: plain };
  } catch (error) {
    if (status !== 200) return { ...answer, body: Buffer.alloc(0) };
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
