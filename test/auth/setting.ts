import type { Clock } from '../../src/clock.ts';
import type { ClientCredential } from '../../src/auth/exchangeCredential.ts';
import { createOnBehalfOf, type OnBehalfOfOptions } from '../../src/auth/onBehalfOf.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { CLIENT_ID, TENANT, type Claims, type Issuer } from './issuer.ts';

export const START = Date.UTC(2026, 0, 15, 12);
export const AUDIENCE = `api://${CLIENT_ID}`;
export const SECRET: ClientCredential = { kind: 'secret', secret: 'a-client-secret' };

/** A clock whose hands the test turns. */
export function handClock(): Clock & { turn(milliseconds: number): void } {
  let now = START;
  let waiting: { at: number; task: () => void }[] = [];
  return {
    now: () => now,
    after(milliseconds, task) {
      const entry = { at: now + milliseconds, task };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    turn(milliseconds) {
      now += milliseconds;
      const due = waiting.filter(({ at }) => at <= now);
      waiting = waiting.filter(({ at }) => at > now);
      for (const { task } of due) task();
    },
  };
}

/** Claims of a good token in v2 form, as of the start. */
export function goodClaims(issuer: Issuer, over: Claims = {}): Claims {
  const seconds = START / 1000;
  return {
    aud: CLIENT_ID,
    iss: `${issuer.url}/${TENANT}/v2.0`,
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3_600,
    azp: 'front-end',
    oid: 'person-a',
    sub: 'pairwise-a',
    tid: TENANT,
    scp: 'Machines.Read',
    ver: '2.0',
    ...over,
  };
}

/** The subject under test over that issuer, its clock, and what it has logged. */
export function createSubject(issuer: Issuer, over: Partial<OnBehalfOfOptions> = {}) {
  const clock = handClock();
  const lines: string[] = [];
  const authenticate = createOnBehalfOf({
    clientId: CLIENT_ID,
    allowedTenants: [TENANT],
    audiences: [CLIENT_ID, AUDIENCE],
    authority: issuer.url,
    scope: 'https://api.securitycenter.microsoft.com/Machine.Read',
    credential: SECRET,
    partitionKey: Buffer.alloc(32, 7),
    timeoutMilliseconds: 5_000,
    clock,
    log: createLog('debug', { write: (line: string) => void lines.push(line) }),
    ...over,
  });
  return { authenticate: (token: string) => authenticate(`Bearer ${token}`), clock, lines };
}
