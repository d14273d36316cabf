import { Connection } from './connection.ts';

export interface LoadOptions {
  readonly connections: number;
  /** For so long new requests begin; those under way are waited for. */
  readonly milliseconds: number;
}

export interface Turn {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds of each request. */
  readonly latencies: readonly number[];
}

/**
 * Milliseconds for which it stays awake after an answer. On one machine a server would pay for waking it, as much as for a
 * small answer; awake for longer, it would take a processor that servers have for their collectors of garbage.
 */
const AWAKE = 0.2;

/** Keeps each connection busy, and counts. Rejects with the first answer that is not a whole one with status 200. */
export async function load(
  url: URL,
  next: () => Buffer,
  { connections, milliseconds }: LoadOptions,
): Promise<Turn> {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
  const latencies: number[] = [];
  let isAwake = false;
  let answeredAt = 0;
  const stayAwake = () => {
    isAwake = performance.now() - answeredAt < AWAKE;
    if (isAwake) setImmediate(stayAwake);
  };
  const start = performance.now();
  const stop = start + milliseconds;
  try {
    await Promise.all(open.map((connection) => keepBusy(connection)));
  } finally {
    for (const connection of open) connection.close();
  }
  const seconds = (performance.now() - start) / 1_000;
  return { requests: latencies.length, seconds, latencies };

  function keepBusy(connection: Connection): Promise<void> {
    return new Promise((resolve, reject) => {
      let sent = performance.now();
      const done = (error: Error | undefined) => {
        if (error) return reject(error);
        const now = performance.now();
        answeredAt = now;
        if (!isAwake) stayAwake();
        latencies.push(now - sent);
        if (now >= stop) return resolve();
        sent = now;
        connection.send(next(), done);
      };
      connection.send(next(), done);
    });
  }
}
