import type { Log } from '../telemetry/log.ts';

/** Runs what only makes answers faster: a fault of it is logged, gives undefined, and costs nobody an answer. */
export function unharmed<T>(log: Pick<Log, 'error'>, work: () => T): T | undefined {
  try {
    return work();
  } catch (err) {
    log.error({ err }, 'a fault in what is rendered: the ordinary road answers');
    return undefined;
  }
}
