import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Replacement } from './faults.ts';

/** What an endpoint would say if all were well. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const json = { 'content-type': 'application/json; charset=utf-8' };
const chunkBytes = 16_384;

export function jsonAnswer(status: number, value: unknown, headers = {}): Answer {
  return { status, headers, body: JSON.stringify(value) };
}

/** Sends in chunks, as the service does, so that a character can lie across two of them. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...json, 'transfer-encoding': 'chunked', ...headers });
  const content = Buffer.from(body);
  for (let start = 0; start < content.length; start += chunkBytes) {
    response.write(content.subarray(start, start + chunkBytes));
  }
  response.end();
}

/** Responses whose socket the emulator itself cuts: their client has not gone away. */
export const cutByUs = new WeakSet<ServerResponse>();

type WireFault = Extract<
  Replacement,
  { kind: 'reset' | 'hang' | 'truncated' | 'notJson' | 'huge' | 'packed' | 'status' }
>;

/** Sends the fault in place of `answer`: what goes wrong on the wire, whatever the endpoint. */
export async function sendFault(
  response: ServerResponse,
  fault: WireFault,
  answer: Answer,
): Promise<void> {
  switch (fault.kind) {
    case 'status':
      return send(response, {
        status: fault.status,
        headers: fault.headers ?? {},
        body: typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {}),
      });
    case 'reset':
      cutByUs.add(response);
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      if (fault.afterHeaders) {
        response.writeHead(200, json);
        response.write('{');
      }
      return;
    case 'truncated': {
      cutByUs.add(response);
      const content = Buffer.from(answer.body);
      response.writeHead(answer.status, { ...json, 'content-length': content.length });
      response.write(content.subarray(0, Math.floor(content.length / 2)), () => response.destroy());
      return;
    }
    case 'notJson':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(fault.body ?? '<html><body>Service temporarily unavailable</body></html>');
      return;
    case 'packed': {
      const pack = { gzip: gzipSync, deflate: deflateSync, 'deflate-raw': deflateRawSync };
      const encoding = fault.encoding === 'gzip' ? 'gzip' : 'deflate';
      response.writeHead(answer.status, { ...json, 'content-encoding': encoding });
      response.end(pack[fault.encoding](answer.body));
      return;
    }
    case 'huge':
      return sendHuge(response, fault.bytes, fault.encoding);
  }
}

/** Valid JSON with an empty list, so that only its size can be held against it. */
async function sendHuge(
  response: ServerResponse,
  bytes: number,
  encoding: 'gzip' | undefined,
): Promise<void> {
  function* content(): Generator<string> {
    yield '{"value":[],"padding":"';
    for (let left = bytes; left > 0; left -= chunkBytes)
      yield 'x'.repeat(Math.min(left, chunkBytes));
    yield '"}';
  }
  response.writeHead(200, { ...json, ...(encoding ? { 'content-encoding': encoding } : {}) });
  const source = Readable.from(content(), { objectMode: false });
  try {
    await (encoding ? pipeline(source, createGzip(), response) : pipeline(source, response));
  } catch {
    // The client has had enough and has gone, which the ledger counts.
  }
}
