import { createHmac, createPublicKey } from 'node:crypto';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import * as fc from 'fast-check';
import { objectIdOf } from '../../emulator/callers.ts';
import { makeSigningKey } from '../../emulator/signingKeys.ts';
import { OTHER_TENANT, startStage, TENANT, type Stage, type TokenOptions } from './setting.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.emulator.close());
beforeEach(() => stage.reset());
afterEach(() => {
  jest.restoreAllMocks();
});

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const refused = { code: 'UNAUTHENTICATED' };
const without = (claim: string): TokenOptions => ({ claims: { [claim]: undefined } });

describe('a token is accepted', () => {
  test.each<[string, TokenOptions]>([
    ['in v2 form', {}],
    ['in v1 form', { version: 1 }],
    ['within the leeway after its end', { expiresInSeconds: -59 }],
    ['within the leeway before its beginning', { notBeforeInSeconds: 60 }],
  ])('%s', async (_, options) => {
    const caller = await stage.subject().authenticate(await stage.token(options));
    expect(caller.expiresAt).toBe(Infinity);
    expect(caller.budget).toBe(`${TENANT}/${stage.emulator.application.clientId}`);
    expect(caller.partition).toMatch(/^[\w-]{43}$/);
  });

  test('of a tenant whose id is configured in capitals', async () => {
    const subject = stage.subject({ allowedTenants: [TENANT.toUpperCase()] });
    await expect(subject.authenticate(await stage.token())).resolves.toBeDefined();
  });
});

describe('a token with a good signature is refused', () => {
  const otherIssuer = () => `${stage.emulator.url}/${OTHER_TENANT}/v2.0`;
  test.each<[string, () => TokenOptions, RegExp]>([
    ['when it has expired', () => ({ expiresInSeconds: -60 }), /expired/],
    ['when it has no expiry', () => without('exp'), /not signed for a tenant/],
    ['when it is not valid yet', () => ({ notBeforeInSeconds: 61 }), /not valid yet/],
    ['when it is for another service', () => ({ audience: 'https://graph' }), /another service/],
    ['when it has no audience', () => without('aud'), /another service/],
    ['when its tenant is not allowed', () => ({ tenant: OTHER_TENANT }), /not signed for a tenant/],
    ['when another tenant issued it', () => ({ claims: { iss: otherIssuer() } }), /not signed/],
    ['when it is of another tenant', () => ({ claims: { tid: OTHER_TENANT } }), /not signed/],
    ['when it names no tenant', () => without('tid'), /not signed for a tenant/],
    [
      'when another host issued it',
      () => ({ claims: { iss: `https://evil/${TENANT}/v2.0` } }),
      /not signed/,
    ],
    ['when it names no person', () => without('oid'), /lacks a claim/],
    ['when its person is not named by text', () => ({ claims: { oid: ['a'] } }), /lacks a claim/],
    ['when it names no application', () => without('azp'), /lacks a claim/],
    [
      'when idtyp says application',
      () => ({ claims: { idtyp: 'app' } }),
      /application's own token/,
    ],
    [
      'with roles and no scope',
      () => ({ claims: { scp: undefined, roles: ['All'] } }),
      /application's/,
    ],
    ['with neither roles nor scope', () => without('scp'), /application's own token/],
  ])('%s', async (_, options, message) => {
    const attempt = stage.subject().authenticate(await stage.token(options()));
    await expect(attempt).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(message),
    });
  });

  test("when it is an application's", async () => {
    const token = await stage.token({}, 'reporter');
    await expect(stage.subject().authenticate(token)).rejects.toMatchObject({
      message: expect.stringMatching(/application's own token can't be exchanged/),
    });
  });

  test('when it lacks the scope that is required', async () => {
    const subject = stage.subject({ requiredScope: 'Machines.Read' });
    const part = await stage.token({ scopes: ['Machines.Read.Own', 'openid'] });
    await expect(subject.authenticate(part)).rejects.toMatchObject({
      message: expect.stringMatching(/Machines\.Read:/),
    });
    const whole = await stage.token({ scopes: ['a', 'Machines.Read'] });
    await expect(subject.authenticate(whole)).resolves.toBeDefined();
  });

  test('when its tenant is one allowed and its issuer another', async () => {
    const { authenticate } = stage.subject({ allowedTenants: [TENANT, OTHER_TENANT] });
    const mixed = await stage.token({ claims: { tid: OTHER_TENANT } });
    await expect(authenticate(mixed)).rejects.toMatchObject(refused);
    await expect(authenticate(await stage.token({}, 'olga'))).resolves.toBeDefined();
  });
});

describe('a forged token is refused', () => {
  test('with the oid of another person under the signature for one', async () => {
    const { authenticate } = stage.subject();
    const [bob, alice] = await Promise.all([stage.token({}, 'bob'), stage.token()]);
    await Promise.all([authenticate(bob), authenticate(alice)]);
    const claims: object = JSON.parse(
      Buffer.from(alice.split('.')[1] ?? '', 'base64url').toString(),
    );
    const [header, , signature] = alice.split('.');
    const forged = [header, base64({ ...claims, oid: objectIdOf('bob') }), signature].join('.');
    await expect(authenticate(forged)).rejects.toMatchObject(refused);
    const stitched = [header, bob.split('.')[1], signature].join('.');
    await expect(authenticate(stitched)).rejects.toMatchObject(refused);
  });

  test.each<[string, TokenOptions]>([
    ['without a signature, alg none', { alg: 'none' }],
    ['with HS256 and the public key as its secret', { alg: 'HS256' }],
    ['with PS256 by the right key', { alg: 'PS256' }],
    ['with RS512 by the right key', { alg: 'RS512' }],
    ["with a key of the forger's under the id of the right one", { key: 'foreign' }],
  ])('%s', async (_, options) => {
    const { authenticate } = stage.subject();
    await authenticate(await stage.token());
    await expect(authenticate(await stage.token(options))).rejects.toMatchObject(refused);
  });

  test('with HS256 and any form of the public key as its secret', async () => {
    const [jwk = {}] = stage.emulator.issuer.jwks.keys;
    const [, payload] = (await stage.token()).split('.');
    const input = `${base64({ alg: 'HS256', kid: jwk.kid })}.${payload}`;
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    const der = key.export({ type: 'spki', format: 'der' });
    const { authenticate } = stage.subject();
    for (const secret of [der, JSON.stringify(jwk), jwk.n ?? '']) {
      const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      await expect(authenticate(token)).rejects.toMatchObject(refused);
    }
  });

  test('that differs from an accepted one in a single character', async () => {
    const { authenticate } = stage.subject();
    const token = await stage.token();
    await authenticate(token);
    const bytes = (text: string) =>
      text
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('hex'))
        .join();
    const letters = fc.constantFrom('A', 'B', 'Q', 'Z', 'a', 'g', 'w', '0', '9', '-', '_');
    const tampered = fc.asyncProperty(fc.nat(token.length - 1), letters, async (at, letter) => {
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      // The last letter of a part carries bits that decode to nothing.
      fc.pre(bytes(changed) !== bytes(token));
      await expect(authenticate(changed)).rejects.toMatchObject(refused);
    });
    await fc.assert(tampered, { numRuns: 200 });
  });

  test.each(['x', 'a.b.c', '...', `${base64({})}.${base64([])}.`])(
    'that is none: %s',
    async (text) => {
      await expect(stage.subject().authenticate(text)).rejects.toMatchObject(refused);
      expect(stage.emulator.ledger.keyFetches).toBe(0);
    },
  );
});

describe('keys', () => {
  test('are fetched once for all who ask at the same moment, and for each tenant', async () => {
    const { authenticate } = stage.subject({ allowedTenants: [TENANT, OTHER_TENANT] });
    const made = Array.from({ length: 20 }, (_, i) => stage.token({ claims: { uti: `${i}` } }));
    await Promise.all((await Promise.all(made)).map(authenticate));
    expect(stage.emulator.ledger.keyFetches).toBe(1);
    await authenticate(await stage.token({}, 'olga'));
    expect(stage.emulator.ledger.keyFetches).toBe(2);
  });

  test('are never fetched for a tenant that is not allowed', async () => {
    const { authenticate } = stage.subject();
    for (const tid of [OTHER_TENANT, '../../evil', '__proto__']) {
      const token = await stage.token({ claims: { tid } });
      await expect(authenticate(token)).rejects.toMatchObject(refused);
    }
    expect(stage.emulator.ledger.keyFetches).toBe(0);
    expect(stage.emulator.ledger.strays).toEqual([]);
  });

  test('are fetched again for an unknown kid, after the cool-down alone', async () => {
    const { authenticate, clock } = stage.subject();
    // The cool-down is jose's, which knows this clock alone.
    jest.spyOn(Date, 'now').mockImplementation(() => clock.now());
    await authenticate(await stage.token());
    await stage.emulator.issuer.rotate();
    clock.advance(29_999);
    const early = await stage.token({ claims: { uti: 'early' } });
    await expect(authenticate(early)).rejects.toMatchObject(refused);
    expect(stage.emulator.ledger.keyFetches).toBe(1);
    clock.advance(1);
    const late = await stage.token({ claims: { uti: 'late' } });
    await expect(authenticate(late)).resolves.toBeDefined();
    expect(stage.emulator.ledger.keyFetches).toBe(2);
    const unknown = await stage.token({ key: await makeSigningKey('nobody') });
    await expect(authenticate(unknown)).rejects.toMatchObject(refused);
    expect(stage.emulator.ledger.keyFetches).toBe(2);
  });

  test.each([{ kind: 'status', status: 503 }, { kind: 'reset' }, { kind: 'notJson' }] as const)(
    'that can not be fetched ($kind) refuse nobody, and the next attempt tries again',
    async (fault) => {
      const { authenticate } = stage.subject();
      const token = await stage.token();
      const failure = stage.emulator.keyFaults.always({}, fault);
      await expect(authenticate(token)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      failure.remove();
      await expect(authenticate(token)).resolves.toBeDefined();
    },
  );

  test('that do not arrive end at the time limit', async () => {
    const { authenticate } = stage.subject({ timeoutMilliseconds: 50 });
    stage.emulator.keyFaults.always({}, { kind: 'hang' });
    const attempt = authenticate(await stage.token());
    await expect(attempt).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });
});

describe('what is remembered', () => {
  test('a good token until its end and the leeway, without its keys', async () => {
    const { authenticate, clock } = stage.subject();
    const token = await stage.token();
    await authenticate(token);
    stage.emulator.keyFaults.always({}, { kind: 'status', status: 503 });
    clock.advance(3_659_999);
    await expect(authenticate(token)).resolves.toBeDefined();
    clock.advance(1);
    await expect(authenticate(token)).rejects.toMatchObject(refused);
  });

  test('a refused token for 30 seconds, in which it costs no look at it', async () => {
    const { authenticate, clock, lines } = stage.subject();
    const token = await stage.token({ notBeforeInSeconds: 70 });
    await expect(authenticate(token)).rejects.toMatchObject(refused);
    clock.advance(29_999);
    await expect(authenticate(token)).rejects.toMatchObject(refused);
    expect(lines).toHaveLength(1);
    clock.advance(1);
    await expect(authenticate(token)).resolves.toBeDefined();
  });

  test('a good token throughout a flood of bad ones, of which the log holds none', async () => {
    const { authenticate, lines } = stage.subject({ rememberedCallers: 5 });
    const token = await stage.token();
    await authenticate(token);
    for (let i = 0; i < 20; i += 1) {
      const bad = await stage.token({ audience: `${i}` });
      await expect(authenticate(bad)).rejects.toMatchObject(refused);
      expect(lines.join('')).not.toContain(bad.split('.')[2]);
    }
    // With keys that are stale and can't be had, memory alone can still accept.
    jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(2100, 0));
    stage.emulator.keyFaults.always({}, { kind: 'status', status: 503 });
    await expect(authenticate(token)).resolves.toBeDefined();
  });
});
