import { createHmac, createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { OTHER_TENANT, startIssuer, TENANT, type Claims, type Issuer } from './issuer.ts';
import { AUDIENCE, createSubject, goodClaims, START } from './setting.ts';

const SECONDS = START / 1000;
let issuer: Issuer;

beforeEach(async () => {
  issuer = await startIssuer();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await issuer.close();
});

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = (over: Claims = {}) => issuer.sign(goodClaims(issuer, over));
const refused = { code: 'UNAUTHENTICATED' };

describe('a token is accepted', () => {
  const v1 = {
    iss: `https://sts.windows.net/${TENANT}/`,
    ver: '1.0',
    azp: undefined,
    appid: 'app',
  };
  test.each<[string, Claims]>([
    ['in v2 form', {}],
    ['in v1 form', v1],
    ['for the application id URI', { aud: AUDIENCE }],
    ['within the leeway after its end', { exp: SECONDS - 59 }],
    ['within the leeway before its beginning', { nbf: SECONDS + 60 }],
  ])('%s', async (_, over) => {
    const caller = await createSubject(issuer).authenticate(await signed(over));
    expect(caller).toMatchObject({ expiresAt: Infinity });
    expect(caller.budget).toBe(`${TENANT}/7c9e2f10-5b3a-4e8d-a1c6-0d4b9f8e2a31`);
    expect(caller.partition).toMatch(/^[\w-]{43}$/);
  });

  test('of a tenant whose id is configured in capitals', async () => {
    const subject = createSubject(issuer, { allowedTenants: [TENANT.toUpperCase()] });
    await expect(subject.authenticate(await signed())).resolves.toBeDefined();
  });
});

describe('a token with a good signature is refused', () => {
  const otherIssuer = () => ({ tid: OTHER_TENANT, iss: `${issuer.url}/${OTHER_TENANT}/v2.0` });
  test.each<[string, () => Claims, RegExp]>([
    ['when it has expired', () => ({ exp: SECONDS - 60 }), /expired/],
    ['when it has no expiry', () => ({ exp: undefined }), /not signed for a tenant/],
    ['when it is not valid yet', () => ({ nbf: SECONDS + 61 }), /not valid yet/],
    ['when it is for another service', () => ({ aud: 'https://graph' }), /another service/],
    ['when it has no audience', () => ({ aud: undefined }), /another service/],
    ['when it is of a tenant that is not allowed', otherIssuer, /not signed for a tenant/],
    ['when another tenant issued it for ours', () => ({ iss: otherIssuer().iss }), /not signed/],
    ['when its tenant is not the one that issued it', () => ({ tid: OTHER_TENANT }), /not signed/],
    ['when it names no tenant', () => ({ tid: undefined }), /not signed for a tenant/],
    ['when another host issued it', () => ({ iss: `https://evil/${TENANT}/v2.0` }), /not signed/],
    ['when it names no person', () => ({ oid: undefined }), /lacks a claim/],
    ['when its person is not named by text', () => ({ oid: ['person-a'] }), /lacks a claim/],
    ['when it names no application', () => ({ azp: undefined }), /lacks a claim/],
    ['when idtyp says application', () => ({ idtyp: 'app' }), /application's own token/],
    ['with roles and no scope', () => ({ scp: undefined, roles: ['All'] }), /application's own/],
    ['with neither roles nor scope', () => ({ scp: undefined }), /application's own token/],
  ])('%s', async (_, over, message) => {
    const subject = createSubject(issuer);
    const attempt = subject.authenticate(await signed(over()));
    await expect(attempt).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(message),
    });
  });

  test('when it lacks the scope that is required', async () => {
    const subject = createSubject(issuer, { requiredScope: 'Machines.Read' });
    const part = subject.authenticate(await signed({ scp: 'Machines.Read.Own openid' }));
    await expect(part).rejects.toMatchObject({ message: expect.stringMatching(/Machines\.Read:/) });
    await expect(
      subject.authenticate(await signed({ scp: 'a Machines.Read' })),
    ).resolves.toBeDefined();
  });

  test('for the tenant of a second allowed one, when the issuer is the first', async () => {
    const subject = createSubject(issuer, { allowedTenants: [TENANT, OTHER_TENANT] });
    await expect(subject.authenticate(await signed({ tid: OTHER_TENANT }))).rejects.toMatchObject(
      refused,
    );
    await expect(subject.authenticate(await signed(otherIssuer()))).resolves.toBeDefined();
  });
});

describe('a forged token is refused', () => {
  test('with the oid of another person under a signature for one', async () => {
    const subject = createSubject(issuer);
    const [header, , signature] = (await signed()).split('.');
    const forged = [header, base64(goodClaims(issuer, { oid: 'person-b' })), signature].join('.');
    await subject.authenticate(await signed({ oid: 'person-b' }));
    await expect(subject.authenticate(forged)).rejects.toMatchObject(refused);
  });

  test('with alg none', async () => {
    const header = base64({ alg: 'none', typ: 'JWT', kid: 'key-0' });
    const unsigned = `${header}.${base64(goodClaims(issuer))}.`;
    await expect(createSubject(issuer).authenticate(unsigned)).rejects.toMatchObject(refused);
  });

  test('with HS256 and the public key as its secret', async () => {
    const input = `${base64({ alg: 'HS256', kid: 'key-0' })}.${base64(goodClaims(issuer))}`;
    const key = createPublicKey({ key: { ...issuer.publicKey }, format: 'jwk' });
    const secrets = [
      key.export({ type: 'spki', format: 'pem' }),
      key.export({ type: 'spki', format: 'der' }),
      JSON.stringify(issuer.publicKey),
    ];
    const subject = createSubject(issuer);
    for (const secret of secrets) {
      const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      await expect(subject.authenticate(token)).rejects.toMatchObject(refused);
    }
  });

  test('with another RSA algorithm of the right key', async () => {
    const subject = createSubject(issuer);
    for (const alg of ['RS384', 'RS512', 'PS256']) {
      const token = await issuer.sign(goodClaims(issuer), { alg });
      await expect(subject.authenticate(token)).rejects.toMatchObject(refused);
    }
  });

  test('with a key of its own in the header', async () => {
    const forger = await startIssuer(7);
    const token = await forger.sign(goodClaims(issuer));
    await forger.close();
    await expect(createSubject(issuer).authenticate(token)).rejects.toMatchObject(refused);
  });

  test('that differs from an accepted one in a single character', async () => {
    const subject = createSubject(issuer);
    const token = await signed();
    await subject.authenticate(token);
    const tamper = fc.asyncProperty(
      fc.nat(token.length - 1),
      fc.base64String({ minLength: 4 }),
      async (at, [letter]) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        // The last letter of a part carries bits that decode to nothing.
        const same = (text: string) =>
          text
            .split('.')
            .map((part) => Buffer.from(part, 'base64url').toString('hex'))
            .join();
        fc.pre(letter !== '=' && same(changed) !== same(token));
        await expect(subject.authenticate(changed)).rejects.toMatchObject(refused);
      },
    );
    await fc.assert(tamper, { numRuns: 200 });
  });

  test.each(['x', 'a.b.c', '...', `${base64({})}.${base64([])}.`])(
    'that is no token: %s',
    async (text) => {
      await expect(createSubject(issuer).authenticate(text)).rejects.toMatchObject(refused);
      expect(issuer.keyFetches).toEqual([]);
    },
  );
});

describe('keys', () => {
  test('are fetched from the tenant of the token, once for all', async () => {
    const subject = createSubject(issuer);
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, i) => signed({ oid: `p${i}` })),
    );
    await Promise.all(tokens.map(subject.authenticate));
    expect(issuer.keyFetches).toEqual([TENANT]);
  });

  test('are never fetched for a tenant that is not allowed', async () => {
    const subject = createSubject(issuer);
    const token = await signed({ tid: '../../evil' });
    await expect(subject.authenticate(token)).rejects.toMatchObject(refused);
    expect(issuer.keyFetches).toEqual([]);
  });

  test('are fetched again for an unknown kid, after the cool-down alone', async () => {
    const { authenticate, clock } = createSubject(issuer);
    jest.spyOn(Date, 'now').mockImplementation(() => clock.now());
    await authenticate(await signed());
    issuer.rotate();
    clock.turn(29_999);
    await expect(authenticate(await signed({ oid: 'early' }))).rejects.toMatchObject(refused);
    expect(issuer.keyFetches).toHaveLength(1);
    clock.turn(1);
    await expect(authenticate(await signed({ oid: 'late' }))).resolves.toBeDefined();
    expect(issuer.keyFetches).toHaveLength(2);
    const unknown = await issuer.sign(goodClaims(issuer), { kid: 'nobody' });
    await expect(authenticate(unknown)).rejects.toMatchObject(refused);
    expect(issuer.keyFetches).toHaveLength(2);
  });

  test('that can not be fetched refuse nobody, and the next attempt tries again', async () => {
    const { authenticate } = createSubject(issuer);
    const token = await signed();
    issuer.keyStatus = 503;
    await expect(authenticate(token)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    issuer.keyStatus = 200;
    await expect(authenticate(token)).resolves.toBeDefined();
  });

  test('that do not arrive end at the time limit', async () => {
    const { authenticate } = createSubject(issuer, { timeoutMilliseconds: 50 });
    issuer.keyStatus = 0;
    await expect(authenticate(await signed())).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });
});

describe('what is remembered', () => {
  test('a good token until its end and the leeway, without its keys', async () => {
    const { authenticate, clock } = createSubject(issuer);
    const token = await signed();
    await authenticate(token);
    issuer.keyStatus = 503;
    clock.turn(3_659_999);
    await expect(authenticate(token)).resolves.toBeDefined();
    clock.turn(1);
    await expect(authenticate(token)).rejects.toMatchObject(refused);
  });

  test('a refused token for 30 seconds, in which it costs no look at it', async () => {
    const { authenticate, clock, lines } = createSubject(issuer);
    const token = await signed({ nbf: SECONDS + 70 });
    await expect(authenticate(token)).rejects.toMatchObject(refused);
    clock.turn(29_999);
    await expect(authenticate(token)).rejects.toMatchObject(refused);
    expect(lines).toHaveLength(1);
    clock.turn(1);
    await expect(authenticate(token)).resolves.toBeDefined();
  });

  test('a good token throughout a flood of bad ones', async () => {
    const { authenticate, lines } = createSubject(issuer, { rememberedCallers: 5 });
    const token = await signed();
    await authenticate(token);
    for (let i = 0; i < 20; i += 1) {
      await expect(authenticate(await signed({ aud: `${i}` }))).rejects.toMatchObject(refused);
    }
    // With keys that can't be had, only memory can still accept.
    jest.spyOn(Date, 'now').mockReturnValue(START + 1e12);
    issuer.keyStatus = 503;
    await expect(authenticate(token)).resolves.toBeDefined();
    expect(lines.join('')).not.toContain(token.split('.')[2]);
  });
});
