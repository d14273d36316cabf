import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';

const PAGE = 'https://people.contoso.com';
const ANOTHER = 'https://devices.contoso.com:8443';
const STRANGERS = [
  'https://contoso.com',
  'https://people.contoso.com.evil.example',
  'https://evilpeople.contoso.com',
  'http://people.contoso.com',
  'https://people.contoso.com:8443',
  'null',
];

let road: Road;

const preflight = (origin: string, headers = 'authorization,content-type') =>
  fetch(road.url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers,
    },
  });

const ask = async (origin: string, token?: string) =>
  fetch(road.url, {
    method: 'POST',
    headers: {
      origin,
      'content-type': 'application/json',
      authorization: `Bearer ${token ?? (await road.defender.issuer.defenderToken('alice'))}`,
    },
    body: JSON.stringify({ query: ENTITIES, variables: users('user1') }),
  });

const corsHeadersOf = ({ headers }: Response) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('with a list of origins', () => {
  beforeAll(async () => {
    road = await openRoad({ CORS_ORIGINS: `${PAGE}, ${ANOTHER}` });
  });
  afterAll(() => road.close());

  test.each([PAGE, ANOTHER])(
    'a page of %s may ask, and remembers it for two hours',
    async (origin) => {
      const { status, headers } = await preflight(origin);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
      expect(headers.get('access-control-max-age')).toBe('7200');
      expect(headers.get('vary')).toContain('Origin');
      const allowed = headers.get('access-control-allow-headers')?.split(', ');
      expect(allowed).toEqual(
        expect.arrayContaining(['authorization', 'content-type', 'x-defender-priority']),
      );
      expect(allowed).not.toContain('x-router-secret');
    },
  );

  test('it reads the answer, and when to come back, on both roads', async () => {
    for (let time = 0; time < 3; time += 1) {
      const { status, headers } = await ask(PAGE);
      expect(status).toBe(200);
      expect(headers.get('access-control-allow-origin')).toBe(PAGE);
      expect(headers.get('access-control-expose-headers')).toBe('retry-after, x-request-id');
      expect(headers.get('vary')).toContain('Origin');
    }
  });

  test('and why it is refused', async () => {
    const answer = await fetch(road.url, {
      method: 'POST',
      headers: { origin: PAGE, 'content-type': 'application/json' },
      body: '{',
    });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([400, PAGE]);
  });

  test.each(STRANGERS)('a page of %s may not', async (origin) => {
    for (const answer of [await preflight(origin), await ask(origin)]) {
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('nobody may send cookies', async () => {
    for (const answer of [await preflight(PAGE), await ask(PAGE)]) {
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  test('it is not for probes', async () => {
    const answer = await fetch(new URL('/healthz', road.url), { headers: { origin: PAGE } });
    expect(corsHeadersOf(answer)).toEqual([]);
  });
});

describe('without one', () => {
  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());

  test('no answer lets any page read it, and every preflight is refused', async () => {
    const refused = await preflight(PAGE);
    expect(refused.ok).toBe(false);
    for (const answer of [refused, await ask(PAGE)]) expect(corsHeadersOf(answer)).toEqual([]);
  });
});

test('a page learns of the secret of the router that it has none', async () => {
  road = await openRoad({ CORS_ORIGINS: PAGE, ROUTER_SECRET: 's'.repeat(32) });
  try {
    expect((await preflight(PAGE)).status).toBe(204);
    const answer = await ask(PAGE);
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, PAGE]);
  } finally {
    await road.close();
  }
});
