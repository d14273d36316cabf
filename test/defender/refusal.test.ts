import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { claimsChallenge } from '../../src/defender/challenge.ts';
import { refusalOf } from '../../src/defender/refusal.ts';
import { ENTITIES, openRoad, users, type Road } from '../road.ts';
import { strangerOn } from './strangers.ts';

const GUID = '6f9619ff-8b86-d011-b42d-00c04fc964ff';

function answerOf(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: Buffer.from(text) };
}

describe('a claims challenge', () => {
  const challenge = (claims: string) =>
    `Bearer realm="", authorization_uri="https://login.example", error="insufficient_claims", claims="${claims}"`;

  test.each([
    [challenge('eyJhIjoxfQ=='), 'eyJhIjoxfQ=='],
    [[`Basic realm="x"`, challenge('eyJhIjoxfQ')], 'eyJhIjoxfQ=='],
    [`Bearer claims="eyJhIjoxfQ==", error="insufficient_claims"`, 'eyJhIjoxfQ=='],
    [undefined, undefined],
    ['Bearer error="invalid_token"', undefined],
    ['Bearer error="invalid_token", claims="eyJhIjoxfQ=="', undefined],
    ['Bearer error="insufficient_claims"', undefined],
    [challenge(''), undefined],
    [challenge('<script>'), undefined],
    [challenge('x'.repeat(9_000)), undefined],
  ])('%p holds the claims %p', (header, claims) => {
    expect(claimsChallenge(header)).toBe(claims);
  });
});

describe('a refusal', () => {
  test.each([
    [{ error: { code: 'x', message: 'y', target: GUID } }, GUID],
    [{ error: { target: 'https://internal.example/trace?token=1' } }, undefined],
    [{ error: { target: `${GUID} and more` } }, undefined],
    [{ error: { target: 7 } }, undefined],
    [{ error: 'text' }, undefined],
    [{ error: null }, undefined],
    ['null', undefined],
    ['[]', undefined],
    ['', undefined],
    ['<html>Bad Gateway</html>', undefined],
  ])('hands on the correlation id of %p where it is one: %p', (body, correlationId) => {
    expect(refusalOf(answerOf(500, body)).details).toEqual(
      correlationId === undefined ? {} : { correlationId },
    );
  });

  test('says the same of a status whatever its body and headers say, and never repeats them', () => {
    const SECRET = 'tell-nobody';
    const body = fc.oneof(
      fc.constant({
        error: { code: SECRET, message: `${SECRET} https://x.example`, target: SECRET },
      }),
      fc.jsonValue(),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.integer({ min: 201, max: 599 }), body, (status, said) => {
        const { message, details, code } = refusalOf(
          answerOf(status, said, { 'x-header': SECRET, location: SECRET }),
        );
        expect(message).toBe(refusalOf(answerOf(status, '')).message);
        expect(JSON.stringify({ message, details, code })).not.toContain(SECRET);
      }),
    );
  });
});

describe('over the whole road', () => {
  let road: Road;
  beforeAll(async () => {
    road = await openRoad();
  });
  afterAll(() => road.close());
  beforeEach(() => {
    road.defender.faults.clear();
    road.defender.ledger.reset();
  });

  const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1767603600"}}}';
  const statuses: [number, string, RegExp][] = [
    [400, 'BAD_USER_INPUT', /does not take this user name/],
    [401, 'UNAUTHENTICATED', /Sign in again/],
    [403, 'FORBIDDEN', /Machine\.Read.*Machine\.Read\.All.*"View Data"/],
    [418, 'UPSTREAM_INVALID_RESPONSE', /status 418/],
    [302, 'UPSTREAM_INVALID_RESPONSE', /status 302/],
    [204, 'UPSTREAM_INVALID_RESPONSE', /status 204/],
    [500, 'UPSTREAM_UNAVAILABLE', /Try again in a minute/],
    [503, 'UPSTREAM_UNAVAILABLE', /Try again in a minute/],
  ];
  test.each(statuses)('status %p is %s, with a text that helps', async (status, code, text) => {
    road.defender.faults.always(
      { user: 'user1' },
      {
        kind: 'status',
        status,
        headers: { location: 'https://elsewhere.example/tell-nobody' },
        ...(status !== 204 && {
          body: { error: { code: 'X', message: 'tell-nobody', target: GUID } },
        }),
      },
    );
    const token = await strangerOn(road);
    const reply = await road.ask({ query: ENTITIES, variables: users('user1', 'user3'), token });
    expect(reply.status).toBe(200);
    expect(reply.data._entities[1].machines).not.toBeNull();
    expect(reply.errors).toEqual([
      {
        message: expect.stringMatching(text),
        locations: expect.anything(),
        path: ['_entities', 0, 'machines'],
        extensions: { code, ...(status !== 204 && { correlationId: GUID }) },
      },
    ]);
    const said = JSON.stringify(reply.errors);
    expect(said).not.toContain('tell-nobody');
    expect(said).not.toContain(road.defender.url);
    expect(said).not.toContain(token);
    expect(road.logged.join('')).not.toContain(token);
  });

  test('a claims challenge reaches the client as it came', async () => {
    road.defender.faults.next({}, { kind: 'claimsChallenge', claims: CLAIMS });
    const token = await strangerOn(road);
    const { errors } = await road.ask({ query: ENTITIES, variables: users('user1'), token });
    expect(errors).toMatchObject([
      {
        path: ['_entities', 0, 'machines'],
        extensions: { code: 'UNAUTHENTICATED', claims: Buffer.from(CLAIMS).toString('base64') },
      },
    ]);
    expect(errors[0]?.message).toContain('extensions.claims');
    expect(road.defender.ledger.total).toBe(1);
  });

  test('a token for another audience, an expired one, or a person without "View Data" is told apart', async () => {
    const { issuer } = road.defender;
    const codeOf = async (token: string) => {
      const { errors } = await road.ask({ query: ENTITIES, variables: users('user1'), token });
      return errors[0]?.extensions.code;
    };
    expect(
      await codeOf(
        await issuer.defenderToken('carol', { audience: 'https://graph.microsoft.com' }),
      ),
    ).toBe('FORBIDDEN');
    expect(await codeOf(await issuer.defenderToken('dave'))).toBe('FORBIDDEN');
    expect(await codeOf(await issuer.defenderToken('carol', { expiresInSeconds: -1 }))).toBe(
      'UNAUTHENTICATED',
    );
  });
});
