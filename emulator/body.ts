import type { IncomingMessage } from 'node:http';

const mostBytes = 1_000_000;

/** The whole body as text. @throws Error where the client goes away, or sends more than a megabyte. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > mostBytes) throw new Error('The body is too large');
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString();
}
