import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { startFlags } from '../process/startFlags.ts';
import { Processes, type Listening } from '../process/processes.ts';
import { CERTIFICATE } from './certificate.ts';
import { encrypted } from './encrypted.ts';

/** MiB. Without a limit the heap of a process that nobody hurries grows as it likes before it is swept. */
const HEAP = 256;

export interface BuiltServer extends Listening {
  readonly defender: Emulator;
  readonly token: string;
  /** What the process holds in memory now, and at most ever did, in MiB. */
  memory(): { readonly now: number; readonly most: number };
  close(): Promise<void>;
}

/** The server as `npm start` runs it, in production, beside an emulator that it asks over TLS. */
export async function startBuiltServer(): Promise<BuiltServer> {
  const heap = `--max-old-space-size=${HEAP}`;
  const processes = new Processes([...startFlags(), heap, 'dist/main.js']);
  const defender = await startEmulator({ limits: 'none' });
  const front = await encrypted(defender.url);
  const authority = path.join(mkdtempSync(path.join(tmpdir(), 'abuse-')), 'authority.pem');
  writeFileSync(authority, CERTIFICATE);
  const listening = await processes.startListening({
    NODE_ENV: 'production',
    NODE_EXTRA_CA_CERTS: authority,
    DEFENDER_API_URL: front.url,
    DEFENDER_CALLS_PER_HOUR: '1000000',
    DEFENDER_CALLS_PER_MINUTE: '1000000',
    // What comes too slowly is to be cut before the table loses its patience.
    REQUEST_DEADLINE_SECONDS: '6',
  });
  return {
    ...listening,
    defender,
    token: await defender.issuer.defenderToken('carol', { expiresInSeconds: 3_600 }),
    memory() {
      const status = readFileSync(`/proc/${listening.child.pid}/status`, 'utf8');
      const ofKind = (kind: string) =>
        Number(new RegExp(`^${kind}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1_024;
      return { now: ofKind('VmRSS'), most: ofKind('VmHWM') };
    },
    async close() {
      processes.end();
      await listening.exited;
      await front.close();
      await defender.close();
    },
  };
}
