import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createSlabs } from '../../src/rendered/slab.ts';

const open: { readonly server: Server; readonly sockets: Socket[] }[] = [];

afterEach(() => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

/** Answers each request with its letter, so many times: as the service does, in memory that is used again. */
async function openLetters(bytes: number) {
  const slabs = createSlabs();
  const sockets: Socket[] = [];
  const server = createServer((request, response) => {
    const letter = Buffer.alloc(bytes / 2, request.url?.at(-1));
    const { body, giveBack, letGo } = slabs.join([letter, letter], bytes);
    response.once('finish', giveBack).once('close', letGo);
    response.setHeader('content-length', bytes);
    response.end(body);
  });
  open.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return (letters: string) => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    for (const letter of letters) socket.write(`GET /${letter} HTTP/1.1\r\nhost: x\r\n\r\n`);
    socket.pause();
    return {
      /** Whether the bodies of so many answers are this letter and no other. */
      async isAll(letter: string, answers: number): Promise<boolean> {
        const chunks: Buffer[] = [];
        let received = 0;
        socket.on('data', (data: Buffer) => {
          chunks.push(data);
          received += data.length;
        });
        socket.resume();
        const head = await once(() => /^[^]*?\r\n\r\n/.exec(String(chunks[0] ?? ''))?.[0]);
        await once(() => received >= answers * (bytes + head.length) || undefined);
        const bodies = String(Buffer.concat(chunks)).replaceAll(/HTTP\/1\.1 200[^]*?\r\n\r\n/g, '');
        return bodies === letter.repeat(answers * bytes);
      },
      leave: () => socket.destroy(),
    };
  };
}

/** The first value that is there. */
async function once<T>(look: () => T | undefined): Promise<T> {
  const value = look();
  if (value !== undefined) return value;
  await new Promise(setImmediate);
  return once(look);
}

describe('memory that is used again', () => {
  test('is never that of an answer which is still on its way', async () => {
    const ask = await openLetters(262_144);
    // Who does not read holds back several answers, more than there are slabs and than sockets buffer.
    const slow = ask('a'.repeat(60));
    for (let round = 0; round < 30; round += 1) {
      expect(await ask('b').isAll('b', 1)).toBe(true);
    }
    const gone = ask('c'.repeat(60));
    await new Promise(setImmediate);
    gone.leave();
    const both = [ask('dddd').isAll('d', 4), ask('eeee').isAll('e', 4)];
    expect(await Promise.all(both)).toEqual([true, true]);
    expect(await slow.isAll('a', 60)).toBe(true);
  });

  test('is used again once it is given back, by another answer alone', () => {
    const slabs = createSlabs();
    const first = slabs.join([Buffer.alloc(5_000, 'a')], 5_000);
    const second = slabs.join([Buffer.alloc(5_000, 'b')], 5_000);
    expect(first.body.buffer).not.toBe(second.body.buffer);
    first.giveBack();
    const third = slabs.join([Buffer.alloc(6_000, 'c')], 6_000);
    expect(third.body.buffer).toBe(first.body.buffer);
    expect([second.body, third.body].map(String)).toEqual(['b'.repeat(5_000), 'c'.repeat(6_000)]);
  });

  test('is given up where an answer was not sent, and new memory takes its place', () => {
    const slabs = createSlabs();
    const lost = Array.from({ length: 16 }, () => slabs.join([Buffer.alloc(5_000)], 5_000));
    for (const { letGo, giveBack } of lost) {
      letGo();
      giveBack();
    }
    const next = slabs.join([Buffer.alloc(5_000)], 5_000).body.buffer;
    expect(next.byteLength).toBe(262_144);
    expect(lost.map(({ body }) => body.buffer)).not.toContain(next);
  });

  test('is bounded: who holds all of it makes others take memory of their own', () => {
    const slabs = createSlabs();
    const taken = Array.from({ length: 40 }, () => slabs.join([Buffer.alloc(5_000)], 5_000));
    const large = taken.filter(({ body }) => body.buffer.byteLength === 262_144);
    expect(large).toHaveLength(16);
    for (const { giveBack } of taken) giveBack();
    expect(slabs.join([Buffer.alloc(300_000)], 300_000).body).toHaveLength(300_000);
  });
});

test('there is room for so much that clients have not taken, and for no answer that is larger', () => {
  const slabs = createSlabs();
  const part = Buffer.alloc(16_777_216);
  expect(slabs.hasRoom(part.byteLength)).toBe(true);
  expect(slabs.hasRoom(part.byteLength + 1)).toBe(false);
  const joined = Array.from({ length: 4 }, () => slabs.join([part], part.byteLength));
  expect(slabs.hasRoom(1)).toBe(false);
  joined[0]?.giveBack();
  joined[0]?.letGo();
  expect(slabs.hasRoom(part.byteLength)).toBe(true);
  expect(slabs.hasRoom(part.byteLength + 1)).toBe(false);
  joined[1]?.letGo();
  joined[1]?.letGo();
  expect(slabs.hasRoom(part.byteLength)).toBe(true);
});
