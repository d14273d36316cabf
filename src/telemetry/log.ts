import { pino, type DestinationStream, type Logger } from 'pino';
import { createRedaction } from './redaction.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child' | 'isLevelEnabled'>;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * JSON lines to standard output, or to `destination`. Nothing that holds a token is ever handed to it; should one be in
 * an error all the same, or one of `secrets`, it is taken out of the line.
 */
export function createLog(
  level: (typeof LOG_LEVELS)[number],
  destination: DestinationStream = standardOutput(),
  secrets: readonly string[] = [],
): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: createRedaction(secrets) },
    },
    destination,
  );
}

/** Nobody waits for it: lines gather while the last ones are written. They are all written before the process ends. */
function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: false });
}
