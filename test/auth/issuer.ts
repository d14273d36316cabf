import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign, type JWK } from 'jose';

export const TENANT = '3f1b6c2e-8a47-4d0b-9c55-6e2d1a7f4b90';
export const OTHER_TENANT = '0d9f51c4-41b7-4a52-8a5e-2f1e6f0a7c11';
export const CLIENT_ID = '7c9e2f10-5b3a-4e8d-a1c6-0d4b9f8e2a31';

export type Claims = Record<string, unknown>;

export interface TokenRequest {
  readonly tenantId: string;
  readonly form: URLSearchParams;
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

/** A login authority on the loopback interface: keys by tenant, and a token endpoint that answers as it is told. */
export interface Issuer {
  readonly url: string;
  readonly keyFetches: string[];
  readonly exchanges: TokenRequest[];
  /** Token requests whose sender went away before the answer. */
  abandoned: number;
  readonly publicKey: JWK;
  /** Undefined: never answers. */
  answer: (request: TokenRequest) => TokenAnswer | undefined | Promise<TokenAnswer>;
  /** Status of the key endpoint; 0 hangs. */
  keyStatus: number;
  sign(claims: Claims, header?: { alg?: string; kid?: string }): Promise<string>;
  /** Signs with a new key from now on, and publishes it. */
  rotate(): void;
  close(): Promise<void>;
}

/** Grants every request; the token names the number of the exchange. */
export function granted(number: number): TokenAnswer {
  const body = { token_type: 'Bearer', expires_in: 3_600, access_token: `defender-${number}` };
  return { status: 200, body };
}

const keyPairs: { publicKey: KeyObject; privateKey: KeyObject }[] = [];

/** Keys take a while to make, so that all issuers of a test file share them, each from its own first one on. */
function keyPair(number: number) {
  return (keyPairs[number] ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
}

export async function startIssuer(firstKey = 0): Promise<Issuer> {
  const published: JWK[] = [];
  const makeKey = () => {
    const { publicKey, privateKey } = keyPair(firstKey + published.length);
    const kid = `key-${published.length}`;
    published.push({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' });
    return { kid, privateKey };
  };
  let signing = makeKey();

  const server = createServer((request, response) => {
    void route(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const issuer: Issuer = {
    url: `http://127.0.0.1:${address.port}`,
    keyFetches: [],
    exchanges: [],
    abandoned: 0,
    publicKey: published[0] ?? {},
    answer: () => granted(issuer.exchanges.length),
    keyStatus: 200,
    sign: (claims, { alg = 'RS256', kid = signing.kid } = {}) =>
      new CompactSign(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader({ alg, kid, typ: 'JWT' })
        .sign(signing.privateKey),
    rotate() {
      signing = makeKey();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, tenantId = '', ...path] = new URL(request.url ?? '', issuer.url).pathname.split('/');
    if (path.join('/') === 'discovery/v2.0/keys') {
      issuer.keyFetches.push(tenantId);
      if (issuer.keyStatus === 0) return;
      response.writeHead(issuer.keyStatus, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: published }));
    } else if (path.join('/') === 'oauth2/v2.0/token' && request.method === 'POST') {
      const form = new URLSearchParams(await bodyOf(request));
      issuer.exchanges.push({ tenantId, form });
      response.on('close', () => {
        if (!response.writableEnded) issuer.abandoned += 1;
      });
      const answer = await issuer.answer({ tenantId, form });
      if (!answer) return;
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    } else {
      response.writeHead(404).end();
    }
  }
  return issuer;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}
