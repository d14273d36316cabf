import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Configuration } from '@azure/msal-node';

/** How this service proves itself to the login authority. Certificate and key are PEM texts, the key in PKCS#8. */
export type ClientCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly certificate: string; readonly privateKey: string }
  | { readonly kind: 'federated'; readonly tokenFile: string };

type CredentialOptions = Pick<
  Configuration['auth'],
  'clientSecret' | 'clientCertificate' | 'clientAssertion'
>;

/**
 * What msal takes for a credential. Throws for a certificate or key that can't be read, or that don't belong together;
 * the message names the fault and holds neither.
 */
export function createCredentialOptions(credential: ClientCredential): CredentialOptions {
  if (credential.kind === 'secret') return { clientSecret: credential.secret };
  if (credential.kind === 'federated') {
    return { clientAssertion: createFileReader(credential.tokenFile) };
  }
  const { certificate, privateKey } = credential;
  return { clientCertificate: certificateOptions(certificate, privateKey) };
}

/** SHA-256 of the certificate's DER form in hexadecimal, which msal turns into `x5t#S256`. */
function certificateThumbprint(certificate: string): string {
  return parse('certificate', () => new X509Certificate(certificate)).fingerprint256.replaceAll(
    ':',
    '',
  );
}

function certificateOptions(certificate: string, privateKey: string) {
  const key = parse('private key', () => createPrivateKey(privateKey));
  if (!parse('certificate', () => new X509Certificate(certificate)).checkPrivateKey(key)) {
    throw new Error('The private key does not belong to the certificate.');
  }
  return { thumbprintSha256: certificateThumbprint(certificate), privateKey };
}

function parse<Parsed>(what: string, read: () => Parsed): Parsed {
  try {
    return read();
  } catch {
    // The cause of Node's error can quote what it was given.
    throw new Error(
      `The ${what} can't be read: it must be PEM, a private key in PKCS#8 without a passphrase.`,
    );
  }
}

/** Kubernetes renews a projected token by swapping a link: another inode, another time. */
function createFileReader(path: string): () => Promise<string> {
  let version = '';
  let text = '';
  return async () => {
    const { ino, mtimeMs, size } = await stat(path);
    const found = `${ino} ${mtimeMs} ${size}`;
    if (found !== version) {
      text = (await readFile(path, 'utf8')).trim();
      version = found;
    }
    return text;
  };
}
