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
 * Keeps each connection busy, and counts. Rejects with the first answer that is not a whole one with status 200. It never
 * sleeps meanwhile: on one machine a server would pay for waking it with each answer, as much as for a small answer.
 */
export async function load(
  url: URL,
  next: () => Buffer,
  { connections, milliseconds }: LoadOptions,
): Promise<Turn> {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
  const latencies: number[] = [];
  let isOn = process.env.SPIN === '1';
  const spin = () => {
    if (isOn) setImmediate(spin);
  };
  spin();
  const start = performance.now();
  const stop = start + milliseconds;
  try {
    await Promise.all(open.map((connection) => keepBusy(connection)));
  } finally {
    isOn = false;
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
        latencies.push(now - sent);
        if (now >= stop) return resolve();
        sent = now;
        connection.send(next(), done);
      };
      connection.send(next(), done);
    });
  }
}
