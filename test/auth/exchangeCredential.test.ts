import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeProtectedHeader, importX509, jwtVerify } from 'jose';
import { CERTIFICATE, PRIVATE_KEY } from './certificate.ts';
import { CLIENT_ID, startIssuer, TENANT, type Issuer } from './issuer.ts';
import type { ClientCredential } from '../../src/auth/exchangeCredential.ts';
import { createSubject, goodClaims } from './setting.ts';

let issuer: Issuer;
let folder: string;

beforeEach(async () => {
  issuer = await startIssuer();
  folder = await mkdtemp(join(tmpdir(), 'federated-'));
});
afterEach(async () => {
  await issuer.close();
  await rm(folder, { recursive: true });
});

async function exchangeAs(credential: ClientCredential) {
  const { authenticate } = createSubject(issuer, { credential });
  let person = 0;
  return async () => {
    const token = await issuer.sign(goodClaims(issuer, { oid: `person-${(person += 1)}` }));
    await (await authenticate(token)).defenderToken(new AbortController().signal);
    return issuer.exchanges.at(-1)?.form ?? new URLSearchParams();
  };
}

describe('the credential', () => {
  test('of a certificate signs with its key, and names it by SHA-256', async () => {
    const exchange = await exchangeAs({
      kind: 'certificate',
      certificate: CERTIFICATE,
      privateKey: PRIVATE_KEY,
    });
    const form = await exchange();
    const assertion = form.get('client_assertion') ?? '';
    const der = new X509Certificate(CERTIFICATE).raw;
    const thumbprint = createHash('sha256').update(der).digest('base64url');
    expect(decodeProtectedHeader(assertion)).toMatchObject({
      alg: 'PS256',
      'x5t#S256': thumbprint,
    });
    const { payload } = await jwtVerify(assertion, await importX509(CERTIFICATE, 'PS256'), {
      // msal rounds the current second up.
      clockTolerance: 1,
    });
    expect(payload).toMatchObject({
      iss: CLIENT_ID,
      sub: CLIENT_ID,
      aud: `${issuer.url}/${TENANT}/oauth2/v2.0/token`,
    });
    expect(form.has('client_secret')).toBe(false);
  });

  const foreign = () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey;
  test.each<[string, () => ClientCredential, RegExp]>([
    [
      'a key of another certificate',
      () => ({ kind: 'certificate', certificate: CERTIFICATE, privateKey: foreign() }),
      /does not belong/,
    ],
    [
      'a key that is none',
      () => ({ kind: 'certificate', certificate: CERTIFICATE, privateKey: 'sesame' }),
      /private key can't be read/,
    ],
    [
      'a certificate that is none',
      () => ({ kind: 'certificate', certificate: 'sesame', privateKey: PRIVATE_KEY }),
      /certificate can't be read/,
    ],
  ])('is refused at the start with %s, which is not shown', (_, credential, message) => {
    const start = () => createSubject(issuer, { credential: credential() });
    expect(start).toThrow(message);
    expect(start).not.toThrow(/sesame/);
  });

  test('of a file is read again when the file has changed', async () => {
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'first\n');
    const exchange = await exchangeAs({ kind: 'federated', tokenFile });
    expect((await exchange()).get('client_assertion')).toBe('first');
    expect((await exchange()).get('client_assertion')).toBe('first');
    await writeFile(`${tokenFile}.new`, 'other');
    await rename(`${tokenFile}.new`, tokenFile);
    const form = await exchange();
    expect(form.get('client_assertion')).toBe('other');
    expect(form.get('client_assertion_type')).toMatch(/jwt-bearer$/);
  });

  test('of a file that is gone is UPSTREAM_UNAVAILABLE, and its path is not shown', async () => {
    const exchange = await exchangeAs({ kind: 'federated', tokenFile: join(folder, 'token') });
    const error: unknown = await exchange().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(`${Object(error).message} ${Object(error).cause?.message}`).not.toContain(folder);
    expect(issuer.exchanges).toEqual([]);
  });
});
