import { get } from 'node:http';
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startEmulator } from '../../emulator/emulator.ts';
import type { Emulator } from '../../emulator/emulator.ts';

let emulator: Emulator;
let token: string;
let now = Date.UTC(2026, 10, 24);

beforeAll(async () => {
  emulator = await startEmulator({ now: () => now });
  token = await emulator.issuer.defenderToken('carol');
});
beforeEach(() => {
  emulator.faults.clear();
  emulator.windows.reset();
  emulator.ledger.reset();
});
afterAll(() => emulator.close());

const page = z.object({
  value: z.array(z.object({ id: z.string() })),
  '@odata.nextLink': z.string().optional(),
});

function ask(target = '/api/users/user1/machines', signal?: AbortSignal): Promise<Response> {
  return fetch(emulator.url + target, {
    headers: { authorization: `Bearer ${token}` },
    ...(signal ? { signal } : {}),
  });
}

/** The body as it came over the wire, without unpacking. */
function raw(): Promise<{ encoding: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    get(`${emulator.url}/api/users/user1/machines`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
      );
    }).on('error', reject);
  });
}

const truth = () => emulator.visibleTo('carol', 'user1')?.map(({ id }) => id);

describe('a fault hits', () => {
  test('the next call that matches, and then no more', async () => {
    emulator.faults.next({ user: 'USER1' }, { kind: 'status', status: 500 });
    expect((await ask('/api/users/user5/machines')).status).toBe(200);
    expect((await ask()).status).toBe(500);
    expect((await ask()).status).toBe(200);
  });

  test('as many calls as it says, from the nth on', async () => {
    const match = { caller: 'carol', nth: 2, times: 2 };
    const script = emulator.faults.next(match, { kind: 'status', status: 503 });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) statuses.push((await ask()).status);
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
    expect(script.hits).toBe(2);
  });

  test('always, until it is removed', async () => {
    const script = emulator.faults.always({}, { kind: 'status', status: 502 });
    expect([(await ask()).status, (await ask()).status]).toEqual([502, 502]);
    script.remove();
    expect((await ask()).status).toBe(200);
  });

  test('nobody else', async () => {
    emulator.faults.next({ caller: 'alice' }, { kind: 'reset' });
    expect((await ask()).status).toBe(200);
  });
});

describe('a call', () => {
  test('can be held until it is released, also before another fault', async () => {
    const gate = emulator.faults.next({}, { kind: 'held' });
    emulator.faults.next({}, { kind: 'status', status: 504 });
    const answer = ask();
    await emulator.ledger.arrived(1);
    expect(emulator.ledger.inFlight).toBe(1);
    gate.release();
    expect((await answer).status).toBe(504);
  });

  test('that is held and abandoned is counted', async () => {
    emulator.faults.next({}, { kind: 'held' });
    const client = new AbortController();
    const answer = ask(undefined, client.signal);
    await emulator.ledger.arrived(1);
    client.abort();
    await expect(answer).rejects.toThrow('aborted');
    await emulator.ledger.abortedBy(1);
    expect(emulator.ledger.byStatus).toEqual({ none: 1 });
    await emulator.ledger.idle();
  });

  test('can be late', async () => {
    emulator.faults.next({}, { kind: 'latency', milliseconds: 1 });
    expect((await ask()).status).toBe(200);
  });

  test('can hang before or after its headers', async () => {
    emulator.faults.next({}, { kind: 'hang' });
    const client = new AbortController();
    const answer = ask(undefined, client.signal);
    await emulator.ledger.arrived(1);
    client.abort();
    await expect(answer).rejects.toThrow('aborted');
    emulator.faults.next({}, { kind: 'hang', afterHeaders: true });
    const second = new AbortController();
    const begun = await ask(undefined, second.signal);
    expect(begun.status).toBe(200);
    second.abort();
    await expect(begun.text()).rejects.toThrow('aborted');
    await emulator.ledger.abortedBy(2);
  });

  test('can be reset or cut short, which is no abort of the client', async () => {
    emulator.faults.next({}, { kind: 'reset' });
    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    emulator.faults.next({}, { kind: 'truncated' });
    const short = await ask();
    expect(Number(short.headers.get('content-length'))).toBeGreaterThan(100);
    await expect(short.text()).rejects.toThrow('terminated');
    await emulator.ledger.idle();
    expect(emulator.ledger.aborted).toBe(0);
  });
});

describe('a status', () => {
  test.each([401, 403, 500, 502, 503, 504])(
    'of %i has the error body of the API',
    async (status) => {
      emulator.faults.next({}, { kind: 'status', status });
      const response = await ask();
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({
        error: {
          code: expect.any(String),
          message: expect.any(String),
          target: expect.any(String),
        },
      });
    },
  );

  test('can come with any headers and any body', async () => {
    const headers = { 'x-region': 'eu', 'content-type': 'text/plain' };
    emulator.faults.next({}, { kind: 'status', status: 502, headers, body: '' });
    const response = await ask();
    expect(response.headers.get('x-region')).toBe('eu');
    expect(await response.text()).toBe('');
  });

  test.each([
    [7, '7', 7_000],
    [1.5, '1.5', 1_500],
    ['Tue, 24 Nov 2026 00:00:30 GMT', 'Tue, 24 Nov 2026 00:00:30 GMT', 30_000],
  ])('of 429 with Retry-After %s holds until it has passed', async (retryAfter, header, wait) => {
    now = Date.UTC(2026, 10, 24);
    emulator.faults.next({}, { kind: 'tooManyRequests', retryAfter });
    const response = await ask();
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, header]);
    now += wait - 1;
    expect((await ask()).status).toBe(429);
    now += 1;
    expect((await ask()).status).toBe(200);
    expect(emulator.ledger.tooEarly).toBe(1);
  });

  test('of 429 can lack a Retry-After', async () => {
    emulator.faults.next({}, { kind: 'tooManyRequests', retryAfter: null });
    const response = await ask();
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, null]);
    expect((await ask()).status).toBe(200);
  });

  test('of 401 can be a claims challenge', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
    emulator.faults.next({}, { kind: 'claimsChallenge', claims });
    const response = await ask();
    expect(response.status).toBe(401);
    const challenge = response.headers.get('www-authenticate') ?? '';
    expect(challenge).toContain('error="insufficient_claims"');
    const [, encoded] = /claims="([^"]+)"/.exec(challenge) ?? [];
    expect(Buffer.from(encoded ?? '', 'base64').toString()).toBe(claims);
  });
});

describe('a body', () => {
  test('can be no JSON', async () => {
    emulator.faults.next({}, { kind: 'notJson' });
    await expect((await ask()).json()).rejects.toThrow('not valid JSON');
  });

  test.each([
    'noValue',
    'valueNotAList',
    'machineWithoutId',
    'machineNotAnObject',
    'null',
  ] as const)('can have a wrong shape: %s', async (shape) => {
    emulator.faults.next({}, { kind: 'wrongShape', shape });
    expect(page.safeParse(await (await ask()).json()).success).toBe(false);
  });

  test('can be huge, also when it is packed small', async () => {
    const bytes = 3_000_000;
    emulator.faults.next({}, { kind: 'huge', bytes });
    expect((await raw()).body.length).toBeGreaterThanOrEqual(bytes);
    emulator.faults.next({}, { kind: 'huge', bytes, encoding: 'gzip' });
    const packed = await raw();
    expect(packed.body.length).toBeLessThan(bytes / 100);
    expect(gunzipSync(packed.body).length).toBeGreaterThanOrEqual(bytes);
  });

  test.each([
    ['gzip', 'gzip', gunzipSync],
    ['deflate', 'deflate', inflateSync],
    ['deflate-raw', 'deflate', inflateRawSync],
  ] as const)('can be packed as %s', async (encoding, header, unpack) => {
    emulator.faults.next({}, { kind: 'packed', encoding });
    const packed = await raw();
    expect(packed.encoding).toBe(header);
    const { value } = page.parse(JSON.parse(unpack(packed.body).toString()));
    expect(value.map(({ id }) => id)).toEqual(truth());
  });
});

describe('pages', () => {
  async function follow(pages: number): Promise<{ ids: string[]; links: string[] }> {
    const ids: string[] = [];
    const links: string[] = [];
    let target: string | undefined;
    do {
      const body = page.parse(await (await ask(target)).json());
      ids.push(...body.value.map(({ id }) => id));
      const link = body['@odata.nextLink'];
      if (link) links.push(link);
      target = link && new URL(link).pathname + new URL(link).search;
    } while (target && links.length < pages);
    return { ids, links };
  }

  test('link to the next one on a foreign host until all is told', async () => {
    emulator.faults.always({}, { kind: 'paged', pageSize: 4 });
    const { ids, links } = await follow(10);
    expect(ids).toEqual(truth());
    expect(links.map((link) => new URL(link).host)).toEqual(Array(2).fill('wdatp-eu.example.net'));
  });

  test('after the first can fail alone', async () => {
    emulator.faults.next({}, { kind: 'paged', pageSize: 4 });
    emulator.faults.next({ following: true }, { kind: 'status', status: 500 });
    await expect(follow(10)).rejects.toThrow('expected array');
    expect(emulator.ledger.byStatus).toEqual({ 200: 1, 500: 1 });
  });

  test('can go round in a circle', async () => {
    emulator.faults.next({}, { kind: 'repeatingPages' });
    expect(new Set((await follow(5)).links).size).toBe(1);
  });

  test('can go on for ever', async () => {
    emulator.faults.next({}, { kind: 'endlessPages' });
    expect(new Set((await follow(5)).links).size).toBe(5);
  });
});
