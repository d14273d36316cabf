import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Pool } from 'undici';
import {
  createRequest,
  isBrokenConnection,
  type Request,
  type Transport,
} from '../../src/defender/request.ts';
import { Failure } from '../../src/errors.ts';
import { ManualClock } from '../../emulator/manualClock.ts';

const MEBIBYTE = 1_048_576;
const { signal } = new AbortController();

/** How the server answers the next requests; a test sets it. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const clock = new ManualClock();
const server = createServer((request, response) => answer(request, response));
let pool: Pool;
let request: Request;

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  request = createRequest({
    transport: pool,
    clock,
    timeoutMilliseconds: 10_000,
    maxBytes: MEBIBYTE,
  });
});
afterAll(async () => {
  await pool.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

/** Answers every request with these bytes. */
function send(body: Buffer | string, headers: Record<string, string> = {}): void {
  answer = (_request, response) => {
    response.writeHead(200, headers);
    response.end(body);
  };
}

async function failureOf(asking: Promise<unknown>): Promise<Failure> {
  const error = await asking.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

describe('a request', () => {
  test('is a GET with the bearer token, and takes answers as they are sent or packed', async () => {
    const seen: unknown[] = [];
    answer = ({ method, url, headers }, response) => {
      seen.push({ method, url, authorization: headers.authorization, accept: headers.accept });
      seen.push(headers['accept-encoding']);
      response.end('{}');
    };
    await request('/api/users/a%20b/machines', 'header.payload.signature', signal);
    expect(seen).toEqual([
      {
        method: 'GET',
        url: '/api/users/a%20b/machines',
        authorization: 'Bearer header.payload.signature',
        accept: 'application/json',
      },
      'gzip, deflate',
    ]);
  });

  test('is answered whatever the status, and follows no redirection', async () => {
    for (const status of [200, 204, 302, 404, 429, 500, 503]) {
      answer = (_request, response) => {
        response.writeHead(status, { location: 'https://elsewhere.example', 'x-one': 'y' });
        response.end(status === 204 ? undefined : 'text');
      };
      const { body, ...rest } = await request('/', 'token', signal);
      expect(rest).toMatchObject({ status, headers: { 'x-one': 'y' } });
      expect(body.toString()).toBe(status === 204 ? '' : 'text');
    }
  });
});

describe('the body of an answer', () => {
  const text = JSON.stringify({ value: [{ id: 'ä'.repeat(50_000) }] });

  test.each([
    ['as it is', undefined, Buffer.from(text)],
    ['with gzip', 'gzip', gzipSync(text)],
    ['with deflate', 'deflate', deflateSync(text)],
    ['with deflate of the fast kind', 'deflate', deflateSync(text, { level: 1, windowBits: 9 })],
    ['with deflate that has no zlib header', 'deflate', deflateRawSync(text)],
    ['with raw deflate that is stored', 'deflate', deflateRawSync(text, { level: 0 })],
    ['with "identity"', 'identity', Buffer.from(text)],
  ])('is read when sent %s, in whatever pieces', async (_how, encoding, content) => {
    answer = (_request, response) => {
      response.writeHead(200, encoding === undefined ? {} : { 'content-encoding': encoding });
      for (let start = 0; start < content.length; start += 7_777)
        response.write(content.subarray(start, start + 7_777));
      response.end();
    };
    const { body } = await request('/', 'token', signal);
    expect(body.toString('utf8')).toBe(text);
  });

  test('may be as large as the limit and no larger, packed or not', async () => {
    const most = Buffer.alloc(MEBIBYTE, 'x');
    const packings = [
      { pack: (body: Buffer) => body, headers: {} },
      { pack: gzipSync, headers: { 'content-encoding': 'gzip' } },
      { pack: deflateRawSync, headers: { 'content-encoding': 'deflate' } },
    ];
    for (const { pack, headers } of packings) {
      send(pack(most), headers);
      expect((await request('/', 'token', signal)).body).toHaveLength(MEBIBYTE);
      send(pack(Buffer.concat([most, Buffer.from('x')])), headers);
      const failure = await failureOf(request('/', 'token', signal));
      expect(failure.code).toBe('UPSTREAM_INVALID_RESPONSE');
      expect(failure.message).toContain('more than 1 MiB');
      expect(failure.message).toContain('DEFENDER_MAX_RESPONSE_MEGABYTES');
    }
  });

  test('without end is left as soon as it is too large', async () => {
    const left = new Promise<void>((resolve) => {
      answer = (_request, response) => {
        response.once('close', resolve);
        const pour = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', pour);
        pour();
      };
    });
    expect(await failureOf(request('/', 'token', signal))).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
    });
    await left;
  });

  test.each([
    ['cut short', 'gzip', gzipSync(text).subarray(0, 60)],
    ['not packed at all', 'gzip', Buffer.from(text)],
    ['packed in a way that nobody asked for', 'br', Buffer.from(text)],
  ])('that is %s is no valid response', async (_what, encoding, content) => {
    send(content, { 'content-encoding': encoding });
    const failure = await failureOf(request('/', 'token', signal));
    expect(failure).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE' });
    expect(failure.message).toContain('can not be decompressed');
    expect(isBrokenConnection(failure)).toBe(false);
  });
});

describe('an answer that is a refusal', () => {
  const { signal: patient } = new AbortController();
  const explanations: [string, Record<string, string>, (response: ServerResponse) => void][] = [
    ['cut short', {}, (response) => response.write('{', () => response.destroy())],
    ['too large', {}, (response) => response.end(Buffer.alloc(2 * MEBIBYTE))],
    ['badly packed', { 'content-encoding': 'gzip' }, (response) => response.end('text')],
  ];
  test.each(explanations)('is one though its body is %s', async (_how, headers, explain) => {
    for (const status of [401, 403, 429, 503]) {
      answer = (_request, response) => {
        response.writeHead(status, { ...headers, 'retry-after': '7' });
        explain(response);
      };
      expect(await request('/', 'token', patient)).toMatchObject({
        status,
        headers: { 'retry-after': '7' },
        body: Buffer.alloc(0),
      });
    }
  });

  test('is one though its body never ends, unless the one who asks has gone', async () => {
    answer = (_request, response) => {
      response.writeHead(403);
      response.write('{');
    };
    /** Asks, and waits until the head of the answer is there. */
    async function askForever(itsSignal: AbortSignal) {
      let asking: Promise<unknown> = Promise.resolve();
      await new Promise<void>((resolve) => {
        const transport: Transport = {
          dispatch: (given, handler) =>
            pool.dispatch(given, {
              ...handler,
              onResponseStart(...head) {
                handler.onResponseStart?.(...head);
                resolve();
              },
            }),
        };
        const options = { transport, clock, timeoutMilliseconds: 10_000, maxBytes: MEBIBYTE };
        asking = createRequest(options)('/', 'token', itsSignal);
        asking.catch(() => {});
      });
      await setImmediate();
      return { asking };
    }
    const kept = await askForever(patient);
    clock.advance(10_000);
    expect(await kept.asking).toMatchObject({ status: 403, body: Buffer.alloc(0) });

    const leaver = new AbortController();
    const left = await askForever(leaver.signal);
    leaver.abort(new Error('gone'));
    await expect(left.asking).rejects.toThrow('gone');
  });
});

describe('a connection', () => {
  test('that is reset before the answer, or closed within it, is broken', async () => {
    const breaks: (typeof answer)[] = [
      (_request, response) => response.socket?.resetAndDestroy(),
      (_request, response) => response.socket?.destroy(),
      (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{', () => response.socket?.destroy());
      },
      (_request, response) => {
        response.write('{', () => response.socket?.resetAndDestroy());
      },
    ];
    for (const one of breaks) {
      answer = one;
      const failure = await failureOf(request('/', 'token', signal));
      expect(failure.code).toBe('UPSTREAM_UNAVAILABLE');
      expect(isBrokenConnection(failure)).toBe(true);
    }
  });

  test('that is refused is out of reach, which a second attempt would not help', async () => {
    const closed = new Pool('http://127.0.0.1:1');
    const asking = createRequest({
      transport: closed,
      clock,
      timeoutMilliseconds: 10_000,
      maxBytes: MEBIBYTE,
    })('/', 'secret-token', signal);
    const failure = await failureOf(asking);
    expect(failure.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(failure.message).not.toMatch(/127\.0\.0\.1|secret-token/);
    expect(isBrokenConnection(failure)).toBe(false);
    await closed.destroy();
  });
});

describe('the wait for an answer', () => {
  const hangs: [string, typeof answer][] = [
    ['before the headers', () => {}],
    [
      'within the body',
      (_request, response) => {
        response.writeHead(200);
        response.write('{');
      },
    ],
  ];

  /** Asks of a server that hangs; `arrived` and `left` tell what the server sees. */
  function askHanging(hang: typeof answer, itsSignal: AbortSignal) {
    let arrive: () => void = () => {};
    let leave: () => void = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    answer = (incoming, response) => {
      response.once('close', leave);
      hang(incoming, response);
      arrive();
    };
    const asking = request('/', 'token', itsSignal);
    asking.catch(() => {});
    return { arrived, asking, left };
  }

  test.each(hangs)('ends with the time limit, %s too', async (_when, hang) => {
    const { arrived, asking, left } = askHanging(hang, signal);
    await arrived;
    clock.advance(9_999);
    let isOver = false;
    asking.catch(() => {
      isOver = true;
    });
    await setImmediate();
    expect(isOver).toBe(false);
    clock.advance(1);
    const failure = await failureOf(asking);
    expect(failure.code).toBe('UPSTREAM_TIMEOUT');
    expect(isBrokenConnection(failure)).toBe(false);
    await left;
  });

  test.each(hangs)('ends when the one who asks goes away, %s too', async (_when, hang) => {
    const leaver = new AbortController();
    const { arrived, asking, left } = askHanging(hang, leaver.signal);
    await arrived;
    const reason = new Error('gone');
    leaver.abort(reason);
    await expect(asking).rejects.toBe(reason);
    await left;
  });

  test('does not begin for one who has gone already', async () => {
    let requests = 0;
    answer = (_request, response) => {
      requests += 1;
      response.end();
    };
    const reason = new Failure('DEADLINE_EXCEEDED', 'Too late.');
    await expect(request('/', 'token', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(requests).toBe(0);
  });

  test('leaves no timer behind', async () => {
    send('{}');
    await request('/', 'token', signal);
    const { asking, arrived } = askHanging(() => {}, signal);
    await arrived;
    clock.advance(10_000);
    await failureOf(asking);
    // A timer that fell due now would abort what nobody waits for.
    let timers = 0;
    const counting = createRequest({
      transport: pool,
      clock: {
        now: clock.now,
        after: (...given) => {
          timers += 1;
          const cancel = clock.after(...given);
          return () => {
            timers -= 1;
            cancel();
          };
        },
      },
      timeoutMilliseconds: 10_000,
      maxBytes: MEBIBYTE,
    });
    send('{}');
    await counting('/', 'token', signal);
    send('text', { 'content-encoding': 'gzip' });
    await failureOf(counting('/', 'token', signal));
    expect(timers).toBe(0);
  });
});
