import { createServer } from 'node:net';
import { announce, listen } from './child.ts';
import { deviceList } from './deviceList.ts';

/** What the harness tells this process. */
export type Instruction = { readonly delay: number } | 'takeCalls';

const ROUTE = /^GET \/api\/users\/([^/? ]+)\/machines HTTP/;
const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.from('{}');

/**
 * The Defender API at its lightest: it takes any token, allows any number of calls, and answers from the emulator's
 * devices. It reads no more of HTTP than a GET needs: a hundred calls come at once, and on one machine the work of a server
 * that reads all of it would pass for that of whoever is measured.
 */
let delayMilliseconds = 0;
let calls: string[] = [];

const server = createServer({ noDelay: true }, (socket) => {
  let head = '';
  // Whoever is measured was stopped.
  socket.on('error', () => socket.destroy());
  socket.on('data', (piece) => {
    head += piece.toString('latin1');
    if (!head.endsWith(HEAD_END)) return;
    const answer = answerTo(head);
    head = '';
    if (delayMilliseconds === 0) socket.write(answer);
    else setTimeout(() => socket.write(answer), delayMilliseconds);
  });
});

function answerTo(head: string): Buffer {
  const [, user] = ROUTE.exec(head) ?? [];
  if (user === undefined) return answerOf('404 Not Found', NOTHING);
  if (!/\r\nauthorization: Bearer /i.test(head)) return answerOf('401 Unauthorized', NOTHING);
  calls.push(user);
  return answerOf('200 OK', deviceList(user));
}

function answerOf(status: string, json: Buffer): Buffer {
  const type = 'content-type: application/json; charset=utf-8';
  const head = `HTTP/1.1 ${status}\r\n${type}\r\ncontent-length: ${json.length}${HEAD_END}`;
  return Buffer.concat([Buffer.from(head), json]);
}

process.on('message', (instruction: Instruction) => {
  if (instruction === 'takeCalls') {
    process.send?.({ answer: { calls: calls.length, users: new Set(calls).size } });
    calls = [];
  } else if (typeof instruction === 'object') {
    delayMilliseconds = instruction.delay;
    process.send?.({ answer: undefined });
  }
});
announce(new URL('/', await listen(server)).origin);
