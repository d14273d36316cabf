import { createHash, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { makeSigningKey } from './signingKeys.ts';
import type { SigningKey } from './signingKeys.ts';

/** What the issuer keeps of a certificate; an `X509Certificate` of node:crypto has this form. */
export interface RegisteredCertificate {
  readonly publicKey: KeyObject;
  /** SHA-1 and SHA-256 of the certificate, in hex, with or without colons. */
  readonly fingerprint: string;
  readonly fingerprint256: string;
}

/** Why a client's credential was refused, in the issuer's numbers. */
export interface CredentialRefusal {
  readonly code: number;
  readonly message: string;
}

const federation = {
  issuer: 'https://kubernetes.emulator.example',
  subject: 'system:serviceaccount:defender:user-machines',
  audience: 'api://AzureADTokenExchange',
} as const;

/** The registration of the service that exchanges tokens: the subgraph, as the issuer knows it. */
export class Application {
  /** What the service has as `ENTRA_CLIENT_ID`. */
  readonly clientId = 'b4a7d5c1-2e6f-4f0a-8d93-1c5e7a9b0f62';
  /** Made up, and worth nothing outside the emulator. */
  readonly clientSecret = 'emulator-client-secret';
  /** Seconds that an exchanged token lives. */
  tokenSeconds = 3_600;
  readonly #certificates: RegisteredCertificate[] = [];
  readonly #workload: SigningKey;

  private constructor(workload: SigningKey) {
    this.#workload = workload;
  }

  static async register(): Promise<Application> {
    return new Application(await makeSigningKey());
  }

  addCertificate(certificate: RegisteredCertificate): void {
    this.#certificates.push(certificate);
  }

  /** An assertion as a cluster would give it to the workload that is trusted here. */
  federatedAssertion(now: number, claims: JWTPayload = {}): Promise<string> {
    const seconds = Math.floor(now / 1000);
    const { issuer: iss, subject: sub, audience: aud } = federation;
    return new SignJWT({ iss, sub, aud, iat: seconds, exp: seconds + 3_600, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: this.#workload.kid })
      .sign(this.#workload.privateKey);
  }

  /** Whether the form proves to come from this application. `endpoint`: the audience of a certificate's assertion. */
  async refuse(
    form: URLSearchParams,
    endpoint: string,
    now: number,
  ): Promise<CredentialRefusal | undefined> {
    const secret = form.get('client_secret');
    const assertion = form.get('client_assertion');
    if (secret !== null) {
      return sameText(secret, this.clientSecret)
        ? undefined
        : { code: 7000215, message: 'Invalid client secret provided.' };
    }
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    if (assertion === null || form.get('client_assertion_type') !== type) {
      return {
        code: 7000218,
        message: "The request body must contain 'client_assertion' or 'client_secret'.",
      };
    }
    const currentDate = new Date(now);
    try {
      const certificate = this.#certificateOf(assertion);
      if (certificate) {
        await jwtVerify(assertion, certificate.publicKey, {
          algorithms: ['RS256', 'PS256'],
          issuer: this.clientId,
          subject: this.clientId,
          audience: endpoint,
          requiredClaims: ['exp'],
          currentDate,
        });
      } else {
        const options = { algorithms: ['RS256'], requiredClaims: ['exp'], currentDate };
        await jwtVerify(assertion, this.#workload.publicKey, { ...federation, ...options });
      }
      return undefined;
    } catch {
      return {
        code: 700027,
        message: 'Client assertion failed signature or claims validation, or its key is unknown.',
      };
    }
  }

  #certificateOf(assertion: string): RegisteredCertificate | undefined {
    const header = decodeProtectedHeader(assertion);
    return this.#certificates.find(
      ({ fingerprint, fingerprint256 }) =>
        header['x5t#S256'] === thumbprint(fingerprint256) || header.x5t === thumbprint(fingerprint),
    );
  }
}

function thumbprint(fingerprint: string): string {
  return Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
