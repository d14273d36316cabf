import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeJwt } from 'jose';
import { createCredentialOptions, type ClientCredential } from '../auth/exchangeCredential.ts';
import { note, ok, wrong, type Finding } from './finding.ts';
import { claimInWords, spanInWords } from './words.ts';

/** Which audiences Entra takes a federated token for. */
const EXCHANGE_AUDIENCES = ['api://AzureADTokenExchange', 'api://AzureADTokenExchangeUSGov'];
const A_MONTH = 30 * 86_400_000;

/** How this service proves itself to the login authority, as far as that can be told without asking it. */
export async function credentialFinding(
  credential: ClientCredential,
  now: number,
): Promise<Finding> {
  switch (credential.kind) {
    case 'secret':
      return ok(
        'The credential is a client secret. Whether Entra takes it, the first exchange tells.',
      );
    case 'certificate':
      return certificateFinding(credential, now);
    default:
      return federatedFinding(credential.tokenFile, now);
  }
}

function certificateFinding(
  credential: ClientCredential & { readonly kind: 'certificate' },
  now: number,
): Finding {
  try {
    createCredentialOptions(credential);
  } catch (error) {
    return wrong(`The credential: ${error instanceof Error ? error.message : 'it is unusable.'}`);
  }
  const left = Date.parse(new X509Certificate(credential.certificate).validTo) - now;
  if (left <= 0) return wrong(`The credential's certificate ran out ${spanInWords(-left)} ago.`);
  if (left < A_MONTH) return note(`The credential's certificate runs out in ${spanInWords(left)}.`);
  return ok('The credential is a certificate, and its key belongs to it.');
}

async function federatedFinding(tokenFile: string, now: number): Promise<Finding> {
  let token: string;
  try {
    token = (await readFile(tokenFile, 'utf8')).trim();
  } catch {
    return wrong(
      'The credential: ENTRA_FEDERATED_TOKEN_FILE names no file that can be read. Is the token projected into this container?',
    );
  }
  try {
    const { aud, exp = 0 } = decodeJwt(token);
    const audience = [aud].flat()[0];
    if (!EXCHANGE_AUDIENCES.includes(String(audience))) {
      return wrong(
        `The credential: the federated token is for ${claimInWords(audience)}, and Entra takes one for ${EXCHANGE_AUDIENCES[0]} alone.`,
      );
    }
    const old = now - exp * 1_000;
    if (old >= 0)
      return wrong(`The credential: the federated token ran out ${spanInWords(old)} ago.`);
    return ok(`The credential is a federated token, good for ${spanInWords(-old)}.`);
  } catch {
    return wrong('The credential: ENTRA_FEDERATED_TOKEN_FILE holds no JSON Web Token.');
  }
}
