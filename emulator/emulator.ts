import { createServer } from 'node:http';
import { Application } from './application.ts';
import { Callers, visibleAmong } from './callers.ts';
import { controlRoute } from './controlRoute.ts';
import { defenderRoute } from './defenderRoute.ts';
import { makeEstate } from './estate.ts';
import type { Estate } from './estate.ts';
import { Faults } from './faults.ts';
import { keysRoute } from './keysRoute.ts';
import { Ledger } from './ledger.ts';
import type { DefenderMachine } from './payload.ts';
import { SigningKeys } from './signingKeys.ts';
import { TokenIssuer } from './tokenIssuer.ts';
import { tokenRoute } from './tokenRoute.ts';
import { RateWindows } from './windows.ts';
import type { Limits } from './windows.ts';

export interface EmulatorOptions {
  /** The same estate for the same seed. Default 1. */
  readonly seed?: number;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Milliseconds since the epoch; drives the rate windows and the life of tokens. Default `Date.now`. */
  readonly now?: () => number;
  /** Per application and tenant. Default 100 a minute and 1,500 an hour. */
  readonly limits?: Limits | 'none';
  /** Real time before each answer of the API. Default 0. */
  readonly latencyMilliseconds?: number;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`; the API is at `{url}/api/users/{id}/machines`. */
  readonly url: string;
  readonly issuer: TokenIssuer;
  readonly callers: Callers;
  readonly estate: Estate;
  readonly ledger: Ledger;
  /** Of the API, of the token endpoint, and of the published keys. */
  readonly faults: Faults;
  readonly tokenFaults: Faults;
  readonly keyFaults: Faults;
  /** The registration of the service: client id, secret, certificates. */
  readonly application: Application;
  readonly windows: RateWindows;
  /** What a token of that caller would get right now; undefined for an unknown user. */
  visibleTo(callerName: string, userName: string): readonly DefenderMachine[] | undefined;
  close(): Promise<void>;
}

/** Starts the Defender API and its token issuer on the loopback interface. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { seed = 1, port = 0, now = Date.now, latencyMilliseconds = 0 } = options;
  const { limits = { perMinute: 100, perHour: 1_500 } } = options;
  const server = createServer();
  const [keys, application] = await Promise.all([SigningKeys.make(), Application.register()]);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The emulator has no port');
  const url = `http://127.0.0.1:${address.port}`;
  const estate = makeEstate(seed);
  const ledger = new Ledger();
  const faults = new Faults();
  const windows = new RateWindows(limits, now);
  const tokenFaults = new Faults();
  const keyFaults = new Faults();
  const parts = { application, authority: url, callers: new Callers(), keys, now };
  const { callers } = parts;
  const issuer = new TokenIssuer(parts);
  const allFaults = { api: faults, token: tokenFaults, keys: keyFaults };
  const routes = [
    defenderRoute({ callers, estate, faults, keys, latencyMilliseconds, ledger, now, windows }),
    tokenRoute({ ...parts, faults: tokenFaults, issuer, ledger }),
    keysRoute({ faults: keyFaults, issuer, ledger }),
    controlRoute({ faults: allFaults, issuer, ledger }),
  ];
  server.on('connection', () => {
    ledger.connections += 1;
  });
  server.on('request', (request, response) => {
    if (routes.some((route) => route(request, response))) return;
    ledger.strays.push(`${request.method} ${request.url}`);
    response.writeHead(404).end();
  });

  return {
    url,
    issuer,
    callers,
    estate,
    ledger,
    faults,
    tokenFaults,
    keyFaults,
    application,
    windows,
    visibleTo(callerName, userName) {
      const caller = callers.named(callerName);
      const machines = estate.machinesOf(userName);
      if (!machines) return undefined;
      return caller.viewData ? visibleAmong(caller, machines) : [];
    },
    async close() {
      for (const some of Object.values(allFaults)) some.clear();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
