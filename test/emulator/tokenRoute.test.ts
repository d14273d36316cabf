import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { contosoTenantId, objectIdOf } from '../../emulator/callers.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import { makeSigningKey } from '../../emulator/signingKeys.ts';
import { defenderAudience } from '../../emulator/tokenIssuer.ts';
import type { UserTokenOptions } from '../../emulator/userToken.ts';

let emulator: Emulator;
let now = Date.UTC(2026, 10, 24);

beforeAll(async () => {
  emulator = await startEmulator({ now: () => now });
});
beforeEach(() => {
  emulator.tokenFaults.clear();
  emulator.ledger.reset();
});
afterAll(() => emulator.close());

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

interface Asked {
  readonly [field: string]: string | undefined;
}

function formFor(assertion: string, changes: Asked): URLSearchParams {
  const fields: Asked = {
    grant_type: jwtBearer,
    requested_token_use: 'on_behalf_of',
    client_id: emulator.application.clientId,
    client_secret: emulator.application.clientSecret,
    scope: `${defenderAudience}/Machine.Read openid profile offline_access`,
    assertion,
    ...changes,
  };
  const form = new URLSearchParams();
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined) form.set(field, value);
  }
  return form;
}

function exchange(assertion: string, changes: Asked = {}, tenant = contosoTenantId) {
  const body = formFor(assertion, changes);
  return fetch(`${emulator.url}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body });
}

const refusal = z.object({
  error: z.string(),
  error_description: z.string().regex(/^AADSTS\d+: .* Trace ID: .* Correlation ID: .* Timestamp: /),
  error_codes: z.tuple([z.number()]),
  timestamp: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
  trace_id: z.string(),
  correlation_id: z.string(),
  suberror: z.string().optional(),
  claims: z.string().optional(),
});

async function refused(response: Response): Promise<(string | number)[]> {
  const { error, error_codes: codes } = refusal.parse(await response.json());
  return [response.status, error, ...codes];
}

const granted = z.object({
  token_type: z.literal('Bearer'),
  scope: z.string(),
  expires_in: z.number(),
  ext_expires_in: z.number(),
  access_token: z.string(),
});

describe('the exchange', () => {
  test('gives a Defender token of the same person, which carries device groups through', async () => {
    const response = await exchange(await emulator.issuer.userToken('alice'));
    expect(response.status).toBe(200);
    const { access_token: token, ...rest } = granted.parse(await response.json());
    expect(rest).toMatchObject({ scope: `${defenderAudience}/Machine.Read`, expires_in: 3_600 });
    expect(decodeJwt(token)).toMatchObject({
      aud: defenderAudience,
      iss: `https://sts.windows.net/${contosoTenantId}/`,
      appid: emulator.application.clientId,
      oid: objectIdOf('alice'),
      scp: 'Machine.Read',
    });
    const answer = await fetch(`${emulator.url}/api/users/user1/machines`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await answer.json()).toMatchObject({ value: emulator.visibleTo('alice', 'user1') });
    expect(emulator.ledger.exchanges.byCaller).toEqual({ alice: 1 });
    expect(emulator.ledger.exchanges.byStatus).toEqual({ 200: 1 });
  });

  test.each<[string, UserTokenOptions]>([
    ['a v1 token', { version: 1 }],
    ['a v2 token for the api:// form', { audience: 'api://b4a7d5c1-2e6f-4f0a-8d93-1c5e7a9b0f62' }],
  ])('takes %s', async (_, options) => {
    expect((await exchange(await emulator.issuer.userToken('bob', options))).status).toBe(200);
  });

  test('takes .default, and lives as long as the application says', async () => {
    emulator.application.tokenSeconds = 600;
    const scope = `${defenderAudience}/.default`;
    const response = await exchange(await emulator.issuer.userToken('bob'), { scope });
    const { access_token: token, expires_in: seconds } = granted.parse(await response.json());
    expect([seconds, decodeJwt(token).exp]).toEqual([600, now / 1000 + 600]);
    emulator.application.tokenSeconds = 3_600;
  });
});

describe('an assertion is refused', () => {
  test.each<[string, UserTokenOptions, number]>([
    ['for another audience', { audience: 'https://graph.microsoft.com' }, 500131],
    ['when it has expired', { expiresInSeconds: -1 }, 500133],
    ['before it is valid', { notBeforeInSeconds: 60 }, 500133],
    ['of another tenant', { tenant: '11111111-1111-1111-1111-111111111111' }, 50013],
    ['with a foreign key', { key: 'foreign' }, 50013],
    ['without a signature', { alg: 'none' }, 50013],
    ['signed with the public key', { alg: 'HS256' }, 50013],
    ['with another algorithm', { alg: 'PS256' }, 50013],
    ['without a scope', { claims: { scp: undefined } }, 7000114],
    ['of nobody', { claims: { oid: 'nobody' } }, 50034],
  ])('%s', async (_, options, code) => {
    const response = await exchange(await emulator.issuer.userToken('alice', options));
    expect(await refused(response)).toEqual([400, 'invalid_grant', code]);
  });

  test('of an application', async () => {
    const response = await exchange(await emulator.issuer.userToken('reporter'));
    expect(await refused(response)).toEqual([400, 'invalid_grant', 7000114]);
  });

  test('that is no token', async () => {
    expect(await refused(await exchange('x.y.z'))).toEqual([400, 'invalid_request', 50027]);
  });

  test('with a token for Defender itself', async () => {
    const response = await exchange(await emulator.issuer.defenderToken('alice'));
    expect(await refused(response)).toEqual([400, 'invalid_grant', 500131]);
  });
});

describe('a request is refused', () => {
  test.each<[string, Asked, (string | number)[]]>([
    ['without a scope', { scope: undefined }, [400, 'invalid_request', 900144]],
    ['for another grant', { grant_type: 'password' }, [400, 'unsupported_grant_type', 70003]],
    ['of an unknown client', { client_id: 'other' }, [400, 'unauthorized_client', 700016]],
    ['with a wrong secret', { client_secret: 'x' }, [401, 'invalid_client', 7000215]],
    ['without a credential', { client_secret: undefined }, [401, 'invalid_client', 7000218]],
    [
      'for another resource',
      { scope: 'https://graph.microsoft.com/User.Read' },
      [400, 'invalid_resource', 500011],
    ],
    [
      'for an unknown permission',
      { scope: `${defenderAudience}/Machine.Isolate` },
      [400, 'invalid_scope', 70011],
    ],
  ])('%s', async (_, changes, expected) => {
    const response = await exchange(await emulator.issuer.userToken('alice'), changes);
    expect(await refused(response)).toEqual(expected);
  });

  test('at an unknown tenant', async () => {
    const response = await exchange(await emulator.issuer.userToken('alice'), {}, 'fabrikam');
    expect(await refused(response)).toEqual([400, 'invalid_request', 90002]);
  });
});

describe('the client proves itself', () => {
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  async function exchangedWith(clientAssertion: string): Promise<number> {
    const response = await exchange(await emulator.issuer.userToken('alice'), {
      client_secret: undefined,
      client_assertion_type: type,
      client_assertion: clientAssertion,
    });
    return response.status;
  }

  test('by a registered certificate, for this endpoint alone', async () => {
    const key = await makeSigningKey();
    const fingerprint256 = 'AB'.repeat(32);
    const { clientId } = emulator.application;
    const signed = (audience: string, thumbprint: string, sub = clientId) =>
      new SignJWT({ iss: clientId, sub, aud: audience, exp: now / 1000 + 60 })
        .setProtectedHeader({ alg: 'PS256', 'x5t#S256': thumbprint })
        .sign(key.privateKey);
    const thumbprint = Buffer.from(fingerprint256, 'hex').toString('base64url');
    const endpoint = `${emulator.url}/${contosoTenantId}/oauth2/v2.0/token`;
    expect(await exchangedWith(await signed(endpoint, thumbprint))).toBe(401);
    emulator.application.addCertificate({
      publicKey: key.publicKey,
      fingerprint: 'CD'.repeat(20),
      fingerprint256,
    });
    expect(await exchangedWith(await signed(endpoint, thumbprint))).toBe(200);
    expect(await exchangedWith(await signed('https://elsewhere', thumbprint))).toBe(401);
    expect(await exchangedWith(await signed(endpoint, thumbprint, 'other'))).toBe(401);
  });

  test('by a federated assertion of the workload that is trusted', async () => {
    const { application } = emulator;
    expect(await exchangedWith(await application.federatedAssertion(now))).toBe(200);
    const other = await application.federatedAssertion(now, { sub: 'system:serviceaccount:x:y' });
    expect(await exchangedWith(other)).toBe(401);
    const expired = await application.federatedAssertion(now, { exp: now / 1000 - 1 });
    expect(await exchangedWith(expired)).toBe(401);
    expect(await exchangedWith('x')).toBe(401);
  });
});

describe('a person', () => {
  test('who needs a second factor is asked for it, until the request carries the claims', async () => {
    const asked = '{"access_token":{"capolids":{"essential":true,"values":["c1"]}}}';
    emulator.callers.add({ name: 'mia', groups: [1], viewData: true, requiredClaims: asked });
    const token = await emulator.issuer.userToken('mia');
    const body = refusal.parse(await (await exchange(token)).json());
    expect(body).toMatchObject({
      error: 'interaction_required',
      error_codes: [50076],
      suberror: 'basic_action',
      claims: asked,
    });
    const merged =
      '{"access_token":{"xms_cc":{"values":["cp1"]},"capolids":{"essential":true,"values":["c1"]}}}';
    expect((await exchange(token, { claims: merged })).status).toBe(200);
    expect((await exchange(token, { claims: '{"access_token":{}}' })).status).toBe(400);
    expect((await exchange(token, { claims: '{' })).status).toBe(400);
  });

  test('who has not consented is refused until then', async () => {
    emulator.callers.add({ name: 'noa', groups: [1], viewData: true, consented: false });
    const token = await emulator.issuer.userToken('noa');
    expect(await (await exchange(token)).json()).toMatchObject({
      error: 'invalid_grant',
      error_codes: [65001],
      suberror: 'consent_required',
    });
    emulator.callers.change('noa', { consented: true });
    expect((await exchange(token)).status).toBe(200);
  });

  test('of another tenant is served at that tenant alone', async () => {
    const tenantId = '22222222-2222-2222-2222-222222222222';
    emulator.callers.add({ name: 'fay', groups: 'all', viewData: true, tenantId });
    const token = await emulator.issuer.userToken('fay');
    expect((await exchange(token, {}, tenantId)).status).toBe(200);
    expect(await refused(await exchange(token))).toEqual([400, 'invalid_grant', 50013]);
  });
});

describe('the token endpoint', () => {
  test('can be made to fail for one person, with and without an error field', async () => {
    const alice = await emulator.issuer.userToken('alice');
    const bob = await emulator.issuer.userToken('bob');
    emulator.tokenFaults.next({ caller: 'alice' }, { kind: 'status', status: 503 });
    emulator.tokenFaults.next({ caller: 'alice' }, { kind: 'status', status: 500, body: {} });
    emulator.tokenFaults.next({ caller: 'alice' }, { kind: 'tooManyRequests', retryAfter: 9 });
    expect((await exchange(bob)).status).toBe(200);
    expect(await refused(await exchange(alice))).toEqual([503, 'temporarily_unavailable', 90033]);
    const bare = await exchange(alice);
    expect([bare.status, await bare.json()]).toEqual([500, {}]);
    const busy = await exchange(alice);
    expect(busy.headers.get('retry-after')).toBe('9');
    expect(await refused(busy)).toEqual([429, 'temporarily_unavailable', 90055]);
    expect((await exchange(alice)).status).toBe(200);
    expect(emulator.ledger.exchanges.byCaller).toEqual({ alice: 4, bob: 1 });
    expect(emulator.ledger.total).toBe(0);
  });

  test('can hang, be cut, talk nonsense, or ask for claims', async () => {
    const { ledger, tokenFaults } = emulator;
    const token = await emulator.issuer.userToken('alice');
    tokenFaults.next({}, { kind: 'hang' });
    const client = new AbortController();
    const body = formFor(token, {});
    const endpoint = `${emulator.url}/${contosoTenantId}/oauth2/v2.0/token`;
    const hanging = fetch(endpoint, { method: 'POST', body, signal: client.signal });
    await ledger.exchanges.arrived(1);
    client.abort();
    await expect(hanging).rejects.toThrow('aborted');
    await ledger.exchanges.abortedBy(1);
    tokenFaults.next({}, { kind: 'reset' });
    await expect(exchange(token)).rejects.toThrow('fetch failed');
    tokenFaults.next({}, { kind: 'wrongShape', shape: 'noValue' });
    expect(granted.safeParse(await (await exchange(token)).json()).success).toBe(false);
    tokenFaults.next({}, { kind: 'claimsChallenge', claims: '{"access_token":{}}' });
    const asked = await exchange(token);
    expect(await refused(asked)).toEqual([400, 'interaction_required', 50076]);
  });
});

describe('the published keys', () => {
  const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.string() });
  const setSchema = z.object({
    keys: z.array(
      z.object({ kty: z.literal('RSA'), kid: z.string(), n: z.string(), e: z.string() }),
    ),
  });

  test('are found by the metadata, are counted, and change with a rotation', async () => {
    const metadataUrl = `${emulator.url}/${contosoTenantId}/v2.0/.well-known/openid-configuration`;
    const metadata = metadataSchema.parse(await (await fetch(metadataUrl)).json());
    const fetchKeys = async () => setSchema.parse(await (await fetch(metadata.jwks_uri)).json());
    const before = await emulator.issuer.userToken('alice');
    const keys = await fetchKeys();
    const verify = { issuer: metadata.issuer, currentDate: new Date(now) };
    await expect(jwtVerify(before, createLocalJWKSet(keys), verify)).resolves.toBeDefined();
    await emulator.issuer.rotate({ retireOld: true });
    const rotated = await fetchKeys();
    expect(rotated.keys.map(({ kid }) => kid)).not.toEqual(keys.keys.map(({ kid }) => kid));
    expect(await refused(await exchange(before))).toEqual([400, 'invalid_grant', 50013]);
    expect((await exchange(await emulator.issuer.userToken('alice'))).status).toBe(200);
    expect(emulator.ledger.keyFetches).toBe(2);
  });

  test('can be out of reach', async () => {
    emulator.keyFaults.next({}, { kind: 'status', status: 503 });
    const response = await fetch(`${emulator.url}/${contosoTenantId}/discovery/v2.0/keys`);
    expect(response.status).toBe(503);
  });
});
