import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ClientCredential } from '../../src/auth/exchangeCredential.ts';
import { CERTIFICATE, PRIVATE_KEY } from './certificate.ts';
import { PATIENT, startStage, type Stage } from './setting.ts';

let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.emulator.close());
beforeEach(async () => {
  stage.reset();
  folder = await mkdtemp(join(tmpdir(), 'federated-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** msal dates what it signs by the real clock, whose second it rounds up. */
function exchangeWith(credential: ClientCredential) {
  const { authenticate } = stage.subject({ credential }, Date.now() + 1_000);
  let number = 0;
  return async () => {
    const token = await stage.token({ claims: { uti: `${(number += 1)}` } });
    return (await authenticate(token)).defenderToken(PATIENT);
  };
}

describe('the credential', () => {
  const certificate = {
    kind: 'certificate',
    certificate: CERTIFICATE,
    privateKey: PRIVATE_KEY,
  } as const;

  test('of a certificate that is registered is taken, by its SHA-256 and signature', async () => {
    await expect(exchangeWith(certificate)()).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      cause: { message: 'invalid_client 700027' },
    });
    const { publicKey, fingerprint256 } = new X509Certificate(CERTIFICATE);
    stage.emulator.application.addCertificate({ publicKey, fingerprint: '', fingerprint256 });
    await expect(exchangeWith(certificate)()).resolves.toEqual(expect.any(String));
  });

  const foreignKey = () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  };
  test.each<[string, () => ClientCredential, RegExp]>([
    [
      'a key of another certificate',
      () => ({ ...certificate, privateKey: foreignKey() }),
      /does not belong/,
    ],
    [
      'a key that is none',
      () => ({ ...certificate, privateKey: 'sesame' }),
      /private key can't be read/,
    ],
    [
      'a certificate that is none',
      () => ({ ...certificate, certificate: 'sesame' }),
      /certificate can't be read/,
    ],
  ])('is refused at the start with %s, which is not shown', (_, credential, message) => {
    const start = () => stage.subject({ credential: credential() });
    expect(start).toThrow(message);
    expect(start).not.toThrow(/sesame/);
  });

  test('of a file is read again when the file has changed', async () => {
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'outlived\n');
    const exchange = exchangeWith({ kind: 'federated', tokenFile });
    await expect(exchange()).rejects.toMatchObject({ cause: { message: 'invalid_client 700027' } });
    const renewed = await stage.emulator.application.federatedAssertion(Date.now());
    await writeFile(`${tokenFile}.new`, `${renewed}\n`);
    await rename(`${tokenFile}.new`, tokenFile);
    await expect(exchange()).resolves.toEqual(expect.any(String));
    await expect(exchange()).resolves.toEqual(expect.any(String));
  });

  test('of a file that is gone is UPSTREAM_UNAVAILABLE, and its path is not shown', async () => {
    const exchange = exchangeWith({ kind: 'federated', tokenFile: join(folder, 'token') });
    const error: unknown = await exchange().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(`${Object(error).message} ${Object(error).cause?.message}`).not.toContain(folder);
    expect(stage.emulator.ledger.exchanges.total).toBe(0);
  });
});
