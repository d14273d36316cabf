import { createServer } from 'node:http';
import { announce, listen } from './child.ts';
import { deviceList } from './deviceList.ts';

/** What the harness tells this process. */
export type Instruction = { readonly delay: number } | 'takeCalls';

const ROUTE = /^\/api\/users\/([^/?]+)\/machines$/;

/**
 * The Defender API at its lightest: it takes any token, allows any number of calls, and answers from the emulator's
 * devices, so that what is measured beside it is not its own work.
 */
let delayMilliseconds = 0;
let calls: string[] = [];

// No timeout: it would race with whoever uses a connection that has been idle.
const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  const [, user] = ROUTE.exec(request.url ?? '') ?? [];
  if (user === undefined || !request.headers.authorization?.startsWith('Bearer ')) {
    response.writeHead(user === undefined ? 404 : 401).end('{}');
    return;
  }
  calls.push(user);
  const list = Buffer.from(deviceList(user));
  const send = () => {
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': list.length,
    });
    response.end(list);
  };
  if (delayMilliseconds === 0) send();
  else setTimeout(send, delayMilliseconds);
});

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
