import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ENTITIES, openRoad, users, type Road, untilKept } from '../road.ts';

const NEW = 'n'.repeat(32);
const OLD = 'o'.repeat(40);

describe('with a secret of the router', () => {
  let road: Road;
  let token: string;
  beforeAll(async () => {
    road = await openRoad({ ROUTER_SECRET: `${NEW},${OLD}` });
    token = await road.defender.issuer.defenderToken('alice');
  });
  afterAll(() => road.close());

  const post = (headers: Readonly<Record<string, string>>, body?: string) =>
    fetch(road.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...headers,
      },
      body: body ?? JSON.stringify({ query: ENTITIES, variables: users('user1') }),
    });

  test.each([
    ['the new one', NEW],
    ['the old one', OLD],
  ])('who brings %s is answered, on both roads', async (_which, secret) => {
    for (let time = 0; time < 3; time += 1) {
      const answer = await post({ 'x-router-secret': secret });
      expect(answer.status).toBe(200);
      expect(await answer.json()).not.toHaveProperty('errors');
      await untilKept();
    }
    expect(road.logged.join('')).toContain('"road":"rendered"');
  });

  test.each([
    ['none', {}],
    ['an empty one', { 'x-router-secret': '' }],
    ['a wrong one', { 'x-router-secret': 'w'.repeat(32) }],
    ['a part of one', { 'x-router-secret': NEW.slice(1) }],
    ['one and more', { 'x-router-secret': `${NEW}n` }],
    ['the whole list', { 'x-router-secret': `${NEW},${OLD}` }],
    ['it elsewhere', { 'x-router-secret-old': NEW }],
  ])('who brings %s is refused, also where the answer is remembered', async (_which, headers) => {
    const before = road.defender.ledger.total;
    const answer = await post(headers);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { errors, data } = (await answer.json()) as { errors: unknown; data?: unknown };
    expect(data).toBeUndefined();
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^Only the router may ask here, .*x-router-secret/),
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
    expect(road.defender.ledger.total).toBe(before);
  });

  test('nothing is read of a body that comes without it', async () => {
    expect((await post({}, '{"query"')).status).toBe(403);
    expect((await post({ 'x-router-secret': NEW }, '{"query"')).status).toBe(400);
  });

  test('a page does not find out what is asked with GET', async () => {
    const answer = await fetch(`${road.url}?query={__typename}`, {
      headers: { 'apollo-require-preflight': 'yes' },
    });
    expect(answer.status).toBe(403);
  });

  test('probes need none', async () => {
    for (const probe of ['/healthz', '/readyz'])
      expect((await fetch(new URL(probe, road.url))).status).toBe(200);
  });
});

test('without one, whoever reaches the port may ask', async () => {
  const road = await openRoad();
  try {
    const { status, errors } = await road.ask({
      query: ENTITIES,
      variables: users('user1'),
      as: 'alice',
    });
    expect([status, errors]).toEqual([200, []]);
  } finally {
    await road.close();
  }
});
