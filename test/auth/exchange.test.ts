import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { granted, OTHER_TENANT, startIssuer, TENANT, type Claims, type Issuer } from './issuer.ts';
import type { OnBehalfOfOptions } from '../../src/auth/onBehalfOf.ts';
import { createSubject, goodClaims, START } from './setting.ts';

let issuer: Issuer;

beforeEach(async () => {
  issuer = await startIssuer();
});
afterEach(() => issuer.close());

const MFA = '{"access_token":{"capolids":{"essential":true,"values":["c1"]}}}';
const MFA_BASE64 = Buffer.from(MFA).toString('base64');
const CAE = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
const CAE_BASE64 = Buffer.from(CAE).toString('base64');
const UNASKED = new AbortController().signal;

function refusing(error: string, more: Claims = {}, status = 400) {
  const text = { error_description: 'AADSTS50076: user someone@contoso.com must use MFA.' };
  const ids = { error_codes: [50076], correlation_id: '1d2c3b4a-0000-4000-8000-000000000000' };
  return () => ({ status, body: { error, ...text, ...ids, ...more } });
}

async function personIn(over: Partial<OnBehalfOfOptions> = {}, claims: Claims = {}) {
  const subject = createSubject(issuer, over);
  const as = async (more: Claims = {}) => {
    const token = await issuer.sign(goodClaims(issuer, { ...claims, ...more }));
    const caller = await subject.authenticate(token);
    return {
      token,
      ask: (signal: AbortSignal = UNASKED) => caller.defenderToken(signal),
      answer: (challenge: string) => caller.answerChallenge?.(UNASKED, challenge),
    };
  };
  return { ...subject, as, ...(await as()) };
}

describe('an exchange', () => {
  test('asks the tenant of the token, once, for the permission on behalf of the person', async () => {
    const { ask, token } = await personIn();
    expect(await ask()).toBe('defender-1');
    expect(issuer.exchanges).toHaveLength(1);
    const { tenantId, form } = issuer.exchanges[0] ?? {};
    expect(tenantId).toBe(TENANT);
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      assertion: token,
      client_secret: 'a-client-secret',
      scope: expect.stringContaining('https://api.securitycenter.microsoft.com/Machine.Read'),
    });
    expect(form?.has('claims')).toBe(false);
  });

  test('goes to the verified tenant of each person', async () => {
    const { as } = await personIn({ allowedTenants: [TENANT, OTHER_TENANT] });
    const iss = `${issuer.url}/${OTHER_TENANT}/v2.0`;
    await (await as({ tid: OTHER_TENANT, iss })).ask();
    expect(issuer.exchanges.map(({ tenantId }) => tenantId)).toEqual([OTHER_TENANT]);
  });

  test('is one for 100 requests with one assertion at once', async () => {
    const { ask, token, authenticate } = await personIn();
    const others = Array.from({ length: 99 }, async () => {
      const caller = await authenticate(token);
      return caller.defenderToken(new AbortController().signal);
    });
    const tokens = await Promise.all([ask(), ...others]);
    expect(new Set(tokens)).toEqual(new Set(['defender-1']));
    expect(issuer.exchanges).toHaveLength(1);
  });

  test('is its own for each of two live tokens of one person, and neither evicts the other', async () => {
    const { as, ask } = await personIn();
    const renewed = await as({ iat: START / 1000 + 1 });
    expect([await ask(), await renewed.ask()]).toEqual(['defender-1', 'defender-2']);
    expect([await ask(), await renewed.ask()]).toEqual(['defender-1', 'defender-2']);
  });

  test.each<[string, number, number, number]>([
    ['the end of the token', 1_800, 3_600, 1_740],
    ['the end of the assertion', 7_200, 3_600, 3_540],
  ])('is remembered until 60 seconds before %s', async (_, token, assertion, seconds) => {
    issuer.answer = () => {
      const { body } = granted(issuer.exchanges.length);
      return { status: 200, body: { ...Object(body), expires_in: `${token}` } };
    };
    const { ask, clock } = await personIn({}, { exp: START / 1000 + assertion });
    await ask();
    clock.turn(seconds * 1000 - 1);
    expect(await ask()).toBe('defender-1');
    clock.turn(1);
    expect(await ask()).toBe('defender-2');
  });

  test('is not remembered when the answer names no life', async () => {
    issuer.answer = () => ({ status: 200, body: { token_type: 'Bearer', access_token: 'once' } });
    const { ask } = await personIn();
    expect([await ask(), await ask()]).toEqual(['once', 'once']);
    expect(issuer.exchanges).toHaveLength(2);
  });

  test('of the oldest caller is forgotten when there are too many', async () => {
    const { as, ask } = await personIn({ rememberedCallers: 2 });
    await ask();
    for (const oid of ['b', 'c']) await (await as({ oid })).ask();
    expect(await ask()).toBe('defender-4');
  });
});

describe('who waits', () => {
  test('can leave without failing the others', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    issuer.answer = () => held.then(() => granted(1));
    const { ask } = await personIn();
    const leaving = new AbortController();
    const first = ask(leaving.signal);
    const second = ask();
    leaving.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    release();
    await expect(second).resolves.toBe('defender-1');
    expect(issuer.exchanges).toHaveLength(1);
  });

  test('ends the exchange by leaving last, and the next one starts anew', async () => {
    issuer.answer = () => undefined;
    const { ask } = await personIn();
    const leaving = new AbortController();
    const only = ask(leaving.signal);
    while (issuer.exchanges.length === 0) await new Promise(setImmediate);
    leaving.abort(new Error('gone'));
    await expect(only).rejects.toThrow('gone');
    issuer.answer = () => granted(9);
    await expect(ask()).resolves.toBe('defender-9');
    while (issuer.abandoned === 0) await new Promise(setImmediate);
  });

  test('is told at once when already gone, without an exchange', async () => {
    const { ask } = await personIn();
    await expect(ask(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(issuer.exchanges).toEqual([]);
  });

  test('waits no longer than the time limit', async () => {
    issuer.answer = () => undefined;
    const { ask, clock } = await personIn();
    const waiting = ask();
    while (issuer.exchanges.length === 0) await new Promise(setImmediate);
    clock.turn(4_999);
    clock.turn(1);
    await expect(waiting).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    issuer.answer = () => granted(2);
    await expect(ask()).resolves.toBe('defender-2');
  });
});

describe('when the token endpoint can not answer', () => {
  const failing: [string, Issuer['answer']][] = [
    ['429 with an error', refusing('temporarily_unavailable', {}, 429)],
    ['429 without one', () => ({ status: 429, body: {}, headers: { 'retry-after': '1.5' } })],
    ['500 with an error', refusing('invalid_grant', {}, 500)],
    ['503 without one', () => ({ status: 503, body: {} })],
    ['503 that is not JSON', () => ({ status: 503, body: '<html>' })],
    ['200 without a token', () => ({ status: 200, body: {} })],
    ['200 with an empty token', () => ({ status: 200, body: { access_token: '', expires_in: 9 } })],
    ['200 that is not JSON', () => ({ status: 200, body: 'OK' })],
    ['200 with a list', () => ({ status: 200, body: 'null' })],
    ['400 without an error', () => ({ status: 400, body: {} })],
    ['400 that will pass', refusing('temporarily_unavailable')],
    ['a redirect', () => ({ status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } })],
  ];
  test.each(failing)('%s is UPSTREAM_UNAVAILABLE, and not remembered', async (_, answer) => {
    issuer.answer = answer;
    const { ask } = await personIn();
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    issuer.answer = () => granted(2);
    await expect(ask()).resolves.toBe('defender-2');
  });

  test.each(failing)('%s for one person fails none of the others', async (_, answer) => {
    const { as, ask, token } = await personIn();
    issuer.answer = (request) =>
      request.form.get('assertion') === token ? answer(request) : granted(1);
    const others = await Promise.all(Array.from({ length: 10 }, (__, i) => as({ oid: `p${i}` })));
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    const asked = others.map((other) => other.ask());
    const [failed, ...rest] = await Promise.allSettled([ask(), ...asked]);
    expect(failed?.status).toBe('rejected');
    expect(rest.map(({ status }) => status)).toEqual(Array(10).fill('fulfilled'));
  });

  test('a 429 says in whole seconds when to ask again', async () => {
    issuer.answer = () => ({ status: 429, body: {}, headers: { 'retry-after': '1.5' } });
    const { ask } = await personIn();
    await expect(ask()).rejects.toMatchObject({ details: { retryAfterSeconds: 2 } });
  });

  test('a dead port is UPSTREAM_UNAVAILABLE', async () => {
    const { ask } = await personIn();
    await issuer.close();
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', details: {} });
    issuer = await startIssuer();
  });

  test('an answer without end is cut off', async () => {
    const more = 'x'.repeat(1_100_000);
    issuer.answer = () => ({ status: 200, body: { ...Object(granted(1).body), more } });
    const { ask } = await personIn();
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

describe('when the authority refuses', () => {
  const interaction = { suberror: 'basic_action', claims: MFA };
  test.each<[string, Issuer['answer'], Claims, RegExp]>([
    ['for MFA', refusing('invalid_grant', interaction), { claims: MFA_BASE64 }, /sign in again/],
    [
      'for MFA, by its older code',
      refusing('interaction_required', { claims: MFA }),
      { claims: MFA_BASE64 },
      /sign in/,
    ],
    [
      'with claims, by a code of its own',
      refusing('access_denied', { suberror: 'new_thing', claims: MFA }),
      { claims: MFA_BASE64 },
      /sign in/,
    ],
    [
      'with claims that are no JSON',
      refusing('interaction_required', { claims: 'AADSTS' }),
      {},
      /sign in/,
    ],
    ['for consent', refusing('consent_required', { error_codes: [65001] }), {}, /consent/],
    [
      'for consent, as a sub-error',
      refusing('invalid_grant', { suberror: 'consent_required' }),
      {},
      /consent/,
    ],
    [
      'an outlived assertion',
      refusing('invalid_grant', { error_codes: [500133] }),
      {},
      /Acquire a new one/,
    ],
    ["this service's secret", refusing('invalid_client', {}, 401), {}, /operator has to act/],
    ['the scope', refusing('invalid_scope'), {}, /operator has to act/],
  ])(
    '%s, it is UNAUTHENTICATED and no text of the authority gets out',
    async (_, answer, details, message) => {
      issuer.answer = answer;
      const { ask, lines, token } = await personIn();
      const error: unknown = await ask().catch((caught: unknown) => caught);
      expect(error).toMatchObject({
        code: 'UNAUTHENTICATED',
        message: expect.stringMatching(message),
      });
      expect(error).toHaveProperty('details', {
        correlationId: '1d2c3b4a-0000-4000-8000-000000000000',
        ...details,
      });
      const shown = JSON.stringify([
        error,
        Object(error).message,
        Object(error).cause?.message,
        lines,
      ]);
      expect(shown).not.toMatch(/AADSTS|contoso\.com|a-client-secret/);
      expect(shown).not.toContain(token.slice(0, 20));
      expect(lines.join('')).toMatch(/exchange refused/);
    },
  );

  test('it is remembered for 30 seconds, and for that token alone', async () => {
    issuer.answer = refusing('interaction_required', { claims: MFA });
    const { as, ask, clock } = await personIn();
    const expected = { code: 'UNAUTHENTICATED', details: { claims: MFA_BASE64 } };
    await expect(ask()).rejects.toMatchObject(expected);
    issuer.answer = () => granted(issuer.exchanges.length);
    clock.turn(29_999);
    await expect(ask()).rejects.toMatchObject(expected);
    expect(issuer.exchanges).toHaveLength(1);
    expect(await (await as({ acrs: ['c1'] })).ask()).toBe('defender-2');
    clock.turn(1);
    expect(await ask()).toBe('defender-3');
  });
});

describe('a claims challenge', () => {
  test('is answered by another exchange with its claims, whose token then serves all', async () => {
    const { ask, answer } = await personIn();
    expect(await ask()).toBe('defender-1');
    expect(await answer(CAE_BASE64)).toBe('defender-2');
    expect(JSON.parse(issuer.exchanges[1]?.form.get('claims') ?? '')).toMatchObject(
      JSON.parse(CAE),
    );
    expect(await ask()).toBe('defender-2');
    expect(issuer.exchanges).toHaveLength(2);
  });

  test('costs one exchange for all who meet it', async () => {
    const { answer } = await personIn();
    await Promise.all([answer(CAE_BASE64), answer(CAE_BASE64)]);
    await answer(CAE_BASE64);
    expect(issuer.exchanges).toHaveLength(1);
  });

  test('that the authority does not meet reaches the client with its claims', async () => {
    issuer.answer = refusing('invalid_grant');
    const { answer } = await personIn();
    const expected = { code: 'UNAUTHENTICATED', details: { claims: CAE_BASE64 } };
    await expect(answer(CAE_BASE64)).rejects.toMatchObject(expected);
    await expect(answer(CAE_BASE64)).rejects.toMatchObject(expected);
    expect(issuer.exchanges).toHaveLength(1);
  });

  test('that the authority answers with claims of its own reaches the client with those', async () => {
    issuer.answer = refusing('interaction_required', { claims: MFA });
    const { answer } = await personIn();
    await expect(answer(CAE_BASE64)).rejects.toMatchObject({ details: { claims: MFA_BASE64 } });
  });

  test.each(['', 'bm8ganNvbg==', 'W10='])('that is none (%j) asks nobody', async (claims) => {
    const { answer } = await personIn();
    await expect(answer(claims)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(issuer.exchanges).toEqual([]);
  });

  test('is asked for by the capability that the operator declares', async () => {
    const { ask, answer } = await personIn({ clientCapabilities: ['CP1'] });
    await ask();
    await answer(CAE_BASE64);
    const sent = issuer.exchanges.map(({ form }) => JSON.parse(form.get('claims') ?? ''));
    const capability = { xms_cc: { values: ['CP1'] } };
    expect(sent).toMatchObject([
      { access_token: capability },
      { access_token: { ...JSON.parse(CAE).access_token, ...capability } },
    ]);
  });
});
