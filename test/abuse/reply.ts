import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Writes to a connection of its own, and resolves with all that comes until it is closed. */
export async function exchange(host: string, bytes: Buffer, milliseconds: number): Promise<string> {
  const { hostname, port } = new URL(`http://${host}`);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // What the server does not want to read to its end is cut off while it is written.
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
    socket.on('end', () => socket.end());
  });
  socket.write(bytes);
  const limit = new AbortController();
  const late = sleep(milliseconds, 'late', { signal: limit.signal }).catch(() => 'never');
  const first = await Promise.race([closed, late]);
  limit.abort();
  socket.destroy();
  if (first === 'late') throw new Error(`No end of the answer within ${milliseconds} ms`);
  return Buffer.concat(chunks).toString();
}

const LAST_CHUNK = '0\r\n\r\n';

/** The answers on one connection, in the form that the table has them. */
export function summary(text: string): string {
  const answers: string[] = [];
  let rest = text;
  while (rest !== '') {
    const [, head = '', after = ''] = /^(HTTP\/1\.1 .*?\r\n\r\n)(.*)$/s.exec(rest) ?? [];
    if (head === '') return [...answers, 'no HTTP'].join(', ');
    const [, status = ''] = head.split(' ', 2);
    const bytes = Buffer.from(after);
    const length = /^transfer-encoding: chunked/im.test(head)
      ? bytes.indexOf(LAST_CHUNK) + LAST_CHUNK.length
      : Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    answers.push([status, ...codes(bytes.subarray(0, length).toString())].join(' '));
    rest = bytes.subarray(length).toString();
  }
  return answers.join(', ') || 'none';
}

interface Body {
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

function codes(body: string): string[] {
  try {
    const { errors = [] } = JSON.parse(body) as Body;
    return [...new Set(errors.map(({ extensions }) => extensions?.code ?? 'no code'))].toSorted();
  } catch {
    return [];
  }
}
