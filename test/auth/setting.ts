import type { Authenticated } from '../../src/auth/caller.ts';
import type { ClientCredential } from '../../src/auth/exchangeCredential.ts';
import { createOnBehalfOf, type OnBehalfOfOptions } from '../../src/auth/onBehalfOf.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { contosoTenantId } from '../../emulator/callers.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { UserTokenOptions } from '../../emulator/userToken.ts';
import { ManualClock } from '../../emulator/manualClock.ts';

export const TENANT = contosoTenantId;
export const OTHER_TENANT = '0d9f51c4-41b7-4a52-8a5e-2f1e6f0a7c11';
export const DEFENDER = 'https://api.securitycenter.microsoft.com';
/** For those who wait as long as it takes. */
export const PATIENT = new AbortController().signal;

export type TokenOptions = UserTokenOptions;

/** An emulator whose time is the clock of the latest subject. */
export interface Stage {
  readonly emulator: Emulator;
  /** The subject under test, with a clock of its own and what it logs. */
  subject(over?: Partial<OnBehalfOfOptions>, start?: number): Subject;
  /** A token for the service, good unless the options say otherwise. */
  token(options?: UserTokenOptions, name?: string): Promise<string>;
  secret(): ClientCredential;
  /** As after the start, but for the keys. */
  reset(): void;
}

interface Subject {
  readonly authenticate: (token: string) => Promise<Authenticated>;
  readonly clock: ManualClock;
  readonly lines: readonly string[];
}

export async function startStage(): Promise<Stage> {
  let clock = new ManualClock();
  const emulator = await startEmulator({ now: () => clock.now() });
  const { clientId, clientSecret } = emulator.application;
  const secret = (): ClientCredential => ({ kind: 'secret', secret: clientSecret });
  emulator.callers.add({ name: 'olga', groups: 'all', viewData: true, tenantId: OTHER_TENANT });
  return {
    emulator,
    secret,
    token: (options, name = 'alice') => emulator.issuer.userToken(name, options),
    subject(over = {}, start) {
      const lines: string[] = [];
      clock = new ManualClock(start);
      const { authenticate } = createOnBehalfOf({
        clientId,
        allowedTenants: [TENANT],
        audiences: [clientId, `api://${clientId}`],
        authority: emulator.url,
        scope: `${DEFENDER}/Machine.Read`,
        credential: secret(),
        partitionKey: Buffer.alloc(32, 7),
        timeoutMilliseconds: 5_000,
        clock,
        log: createLog('debug', { write: (line: string) => void lines.push(line) }),
        ...over,
      });
      return { authenticate: (token) => authenticate(`Bearer ${token}`), clock, lines };
    },
    reset() {
      clock = new ManualClock();
      emulator.ledger.reset();
      for (const faults of [emulator.tokenFaults, emulator.keyFaults]) faults.clear();
    },
  };
}
