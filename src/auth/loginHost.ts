import { handleWhen, retry } from 'cockatiel';
import { request, type Dispatcher } from 'undici';
import { Failure } from '../errors.ts';

interface LoginRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface LoginResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

/**
 * The one door to the login authority: nothing is sent to another host, no redirect is followed. Rejects with the reason of an aborted
 * signal, or with a Failure (UPSTREAM_UNAVAILABLE).
 */
export type LoginHost = (url: string, request: LoginRequest) => Promise<LoginResponse>;

/** A key set and a token answer are a few tens of kilobytes. */
const BROKEN = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'];
const MAX_RESPONSE_BYTES = 1_000_000;

/** A kept connection that the other side has just closed breaks the first request on it. */
const brokenConnection = retry(
  handleWhen((error) => 'code' in error && BROKEN.includes(String(error.code))),
  { maxAttempts: 1 },
);

/** `authority`: origin of the login authority, like `https://login.microsoftonline.com`. */
export function createLoginHost(authority: string, dispatcher?: Dispatcher): LoginHost {
  const origin = new URL(authority).origin;
  return async (url, { method, headers, body, signal }) => {
    if (new URL(url).origin !== origin)
      throw unavailable(new Error('not the configured authority'));
    const ask = async () => {
      const response = await request(url, {
        method,
        headers,
        signal,
        ...(body === undefined ? {} : { body }),
        ...(dispatcher === undefined ? {} : { dispatcher }),
      });
      const text = await boundedText(response.body);
      return { status: response.statusCode, headers: flat(response.headers), text };
    };
    try {
      // Neither keys nor an exchange leave anything behind that asking twice would harm.
      return await brokenConnection.execute(ask, signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : unavailable(error);
    }
  };
}

export function unavailable(cause: unknown, retryAfterSeconds?: number): Failure {
  return new Failure(
    'UPSTREAM_UNAVAILABLE',
    'The login authority could not be asked. Ask again shortly.',
    retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
    { cause },
  );
}

async function boundedText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    // Leaving the loop destroys the stream, and with it the connection.
    if (bytes > MAX_RESPONSE_BYTES) throw new Error(`answer exceeds ${MAX_RESPONSE_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
}
