import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { createForward } from '../../src/auth/forward.ts';
import { ask, isExecuted, learn, open, QUERY } from './asking.ts';
import { representations, type RenderedRoad } from './setting.ts';

const bodyOf = (...ids: string[]) =>
  JSON.stringify({ query: QUERY, variables: { representations: representations(...ids) } });

const HEAD = ['content-type: application/json', 'authorization: Bearer alice'];

function requestOf(body: string, ...headers: string[]): string {
  const length = `content-length: ${Buffer.byteLength(body)}`;
  return ['POST /graphql HTTP/1.1', 'host: here', ...HEAD, length, ...headers, '', body].join(
    '\r\n',
  );
}

/** What comes back for what is written piece by piece, until the server ends the connection. */
async function told(road: RenderedRoad, ...pieces: (string | Buffer)[]): Promise<string> {
  const socket = connect({ port: road.port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve));
    // The server has its turns, so that the next piece comes by itself.
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  }
  await closed;
  return text;
}

const CLOSE = 'connection: close';

describe('ahead of the HTTP server', () => {
  test.each([
    ['from memory', 'user1', false],
    ['by the ordinary road', 'user9', true],
  ])('a body that comes in pieces is answered %s', async (_, id, byOrdinary) => {
    const road = await open();
    await learn(road, ['user1']);
    const request = Buffer.from(requestOf(bodyOf(id, 'user1'), CLOSE));
    const cuts = [0, 20, request.indexOf('\r\n\r\n') + 4, request.length - 40, request.length];
    const pieces = cuts.slice(1).map((end, index) => request.subarray(cuts[index], end));
    let answer = '';
    const isByOrdinary = await isExecuted(road, async () => {
      answer = await told(road, ...pieces);
    });
    expect(isByOrdinary).toBe(byOrdinary);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain(`"id":"${id}-1"`);
  });

  test('requests that come at once on one connection are answered in their order', async () => {
    const road = await open();
    await learn(road, ['user1']);
    const answer = await told(
      road,
      ['user1', 'user8', 'user1', 'user9', 'user1']
        .map((id, n) => requestOf(bodyOf(id), ...(n === 4 ? [CLOSE] : [])))
        .join(''),
    );
    const ids = [...answer.matchAll(/"_entities":\[\{"id":"(\w+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['user1', 'user8', 'user1', 'user9', 'user1']);
  });

  test('who goes with half a body harms nobody', async () => {
    const road = await open();
    await learn(road, ['user1']);
    const socket = connect(road.port, '127.0.0.1');
    await once(socket, 'connect');
    await new Promise((resolve) => socket.write(requestOf(bodyOf('user1')).slice(0, -20), resolve));
    socket.destroy();
    expect(await isExecuted(road, () => ask(road, ['user1']))).toBe(false);
  });

  test('a byte too many is no part of the body, and no request', async () => {
    const road = await open();
    await learn(road, ['user1']);
    const [first, second] = (await told(road, `${requestOf(bodyOf('user1'))}!`)).split(
      /(?=HTTP\/)/,
    );
    expect(first).toContain('200 OK');
    expect(second).toContain('400 Bad Request');
  });

  test('an answer bears the headers that all answers bear, and the id of its request', async () => {
    const road = await open();
    await learn(road, ['user1']);
    const answer = await told(road, requestOf(bodyOf('user1'), 'x-request-id: request-17', CLOSE));
    expect(answer).toContain('\r\nx-always: there\r\n');
    expect(answer).toContain('\r\nx-request-id: request-17\r\n');
  });

  test.each([
    ['for a page of another origin', { origin: 'https://elsewhere.example' }],
    ['with a trace asked for', { 'apollo-federation-include-trace': 'ftv1' }],
    ['in another encoding of characters', { 'content-type': 'application/json; charset=latin1' }],
  ])('what is asked %s goes on to it', async (_, headers) => {
    const road = await open();
    await learn(road, ['user1']);
    expect(await isExecuted(road, () => ask(road, ['user1'], { ...headers }))).toBe(true);
  });

  test('a fault costs nobody an answer', async () => {
    const { authenticate } = createForward();
    const recognize = () => {
      throw new Error('A fault');
    };
    const road = await open({ identity: { authenticate, recognize } });
    await learn(road, ['user1']);
    const answer = await told(road, requestOf(bodyOf('user1'), CLOSE));
    expect(answer).toContain('"id":"user1-1"');
  });

  test('nothing is answered where it would let nobody in', async () => {
    const road = await open();
    await learn(road, ['user1']);
    road.shut();
    expect(await isExecuted(road, () => ask(road, ['user1']))).toBe(true);
  });
});
