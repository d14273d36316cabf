import { openSync } from 'node:fs';
import { pino } from 'pino';
import type { Log } from './log.ts';
import type { RequestRecord } from './record.ts';

export interface Audit {
  /** Writes down who has asked for whom. */
  write(record: RequestRecord, nameOf: AuditNames): void;
  /** Writes what is still gathered; a write that is under way ends by itself. */
  close(): void;
}

interface AuditNames {
  readonly caller: string | undefined;
  readonly user: (userName: string) => string;
}

/** Container runtimes cut a line after 16 KiB. */
const LOOKUPS_A_LINE = 100;

/**
 * Writes to the log, whatever its level, or to a file, which is appended to and which others may not read. Throws where
 * that can't be opened. Nobody waits until it is written.
 */
export function createAudit(to: 'log' | { readonly path: string }, log: Log): Audit {
  if (to === 'log') return auditTo(log.child({}, { level: 'info' }), () => {});
  const file = pino.destination({ dest: openSync(to.path, 'a', 0o600), sync: false });
  file.on('error', (error: unknown) => log.error({ err: error }, 'the audit can not be written'));
  const timestamp = pino.stdTimeFunctions.isoTime;
  return auditTo(pino({ base: null, timestamp }, file), () => file.flushSync());
}

function auditTo(log: Pick<Log, 'info'>, close: () => void): Audit {
  return {
    close,
    write({ id, client, operation, caller, isProven, lookups = [] }, names) {
      for (let from = 0; from < lookups.length; from += LOOKUPS_A_LINE) {
        const event = {
          requestId: id,
          client,
          caller: names.caller,
          verified: isProven || (caller?.isVerified ?? false),
          operation,
          lookups: lookups
            .slice(from, from + LOOKUPS_A_LINE)
            .map(({ userName, source, devices }) => ({
              user: names.user(userName),
              source,
              devices,
            })),
        };
        log.info(event, 'audit');
      }
    },
  };
}
