import { Pool } from 'undici';
import type { Emulator } from '../../emulator/emulator.ts';
import { seededRandom } from '../defender/budget/demand.ts';
import { ENTITIES, users } from '../road.ts';

/** What an hour brings, by its part. What is left of one asks for what is remembered. */
const MIX = [
  ['newUser', 0.05],
  ['newToken', 0.02],
  ['invented', 0.01],
  ['noToken', 0.01],
  ['badQuery', 0.01],
  ['badBody', 0.005],
  ['failing', 0.01],
  ['gone', 0.01],
] as const;

/** How the server is asked: with tokens for Defender, or with tokens for it, which it exchanges. */
export type Mode = 'forward' | 'on-behalf-of';

type Kind = (typeof MIX)[number][0] | 'remembered';

const AT_ONCE = 12;
const FAILING = 'user66';

/** Sends requests of every kind, good and bad, to a server. */
export class SoakCallers {
  readonly sent = new Map<Kind, number>();
  /** What no request of its kind may be answered with. */
  readonly surprises: string[] = [];
  readonly #defender: Emulator;
  readonly #mode: Mode;
  readonly #pool: Pool;
  readonly #random = seededRandom(7);
  #tokens: readonly string[] = [];
  #count = 0;

  constructor(defender: Emulator, url: string, mode: Mode) {
    this.#defender = defender;
    this.#mode = mode;
    this.#pool = new Pool(new URL(url).origin, { connections: AT_ONCE, pipelining: 1 });
    defender.faults.always({ user: FAILING }, { kind: 'status', status: 404, body: '<html>' });
  }

  async send(requests: number): Promise<void> {
    this.#tokens = await Promise.all(['alice', 'bob', 'carol'].map((name) => this.#issue(name)));
    let left = requests;
    const one = async () => {
      while (left > 0) {
        left -= 1;
        await this.#sendOne(this.#kind());
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #kind(): Kind {
    let at = this.#random();
    for (const [kind, part] of MIX) {
      if (at < part) return kind;
      at -= part;
    }
    return 'remembered';
  }

  async #sendOne(kind: Kind): Promise<void> {
    this.sent.set(kind, (this.sent.get(kind) ?? 0) + 1);
    this.#count += 1;
    const number = this.#count;
    const signal = kind === 'gone' ? AbortSignal.timeout(1) : undefined;
    try {
      const { statusCode, body } = await this.#pool.request({
        method: 'POST',
        path: '/graphql',
        headers: { 'content-type': 'application/json', ...(await this.#bearer(kind, number)) },
        body: bodyOf(kind, number),
        ...(signal && { signal }),
      });
      const text = await body.text();
      const isExpected = statusCode < 500 && ('remembered' !== kind || !text.includes('"errors"'));
      if (!isExpected) this.surprises.push(`${kind}: ${statusCode} ${text.slice(0, 200)}`);
    } catch (error) {
      if (!signal?.aborted) this.surprises.push(`${kind}: ${String(error)}`);
    }
  }

  #issue(name: string, options?: { readonly claims: Record<string, string> }): Promise<string> {
    const { issuer } = this.#defender;
    return this.#mode === 'forward'
      ? issuer.defenderToken(name, options)
      : issuer.userToken(name, options);
  }

  async #bearer(kind: Kind, number: number): Promise<{ authorization?: string }> {
    if (kind === 'noToken') return {};
    if (kind === 'newToken') {
      const token = await this.#issue('carol', { claims: { jti: String(number) } });
      return { authorization: `Bearer ${token}` };
    }
    if (kind === 'invented') {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = { tid: `tenant-${number}`, appid: `app-${number}`, exp: 4e9 };
      return { authorization: `Bearer ${part({ alg: 'RS256' })}.${part(claims)}.c2ln` };
    }
    return { authorization: `Bearer ${this.#tokens[number % this.#tokens.length]}` };
  }
}

function bodyOf(kind: Kind, number: number): string {
  if (kind === 'badBody') return '{"query": ';
  if (kind === 'badQuery') return JSON.stringify({ query: `{ nothing${number} }` });
  const variables = users(...namesOf(kind, number));
  return JSON.stringify({ query: ENTITIES, variables });
}

function namesOf(kind: Kind, number: number): readonly string[] {
  if (kind === 'failing') return [FAILING, 'user1'];
  if (kind === 'newUser' || kind === 'gone') return [`user${number}`];
  return ['user1', 'user2', 'user3', 'user4', 'user5'];
}
