import { Failure } from '../errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Meter } from '../telemetry/metrics.ts';
import type { Pressure, PressureGauge } from './pressure.ts';

/** Whether new requests are refused because there is more to do than can be done: those which run come to their end. */
export interface Shedding {
  isShedding(): boolean;
  /** Milliseconds for which all who came were refused; 0 while nobody is. */
  readonly milliseconds: () => number;
  /** To be called for each that is refused. */
  refused(): void;
  close(): void;
}

export interface SheddingOptions {
  readonly gauge: PressureGauge;
  readonly log: Log;
  readonly meter: Meter;
  /** How often the gauge is read. */
  readonly sampleMilliseconds: number;
}

/** Seconds. */
export const RETRY_AFTER = 5;

export const TOO_MUCH_TO_DO = new Failure(
  'RATE_LIMITED',
  `This service has more to do than it can: ask again in ${RETRY_AFTER} seconds.`,
  { retryAfterSeconds: RETRY_AFTER },
);

export function createShedding(options: SheddingOptions): Shedding {
  const { gauge, log, meter, sampleMilliseconds } = options;
  let pressure: Pressure | undefined;
  let since = 0;
  let refused = 0;

  const timer = setInterval(() => {
    const before = pressure;
    pressure = gauge.read();
    if (pressure && !before) {
      since = performance.now();
      refused = 0;
      log.warn({ pressure }, 'more to do than can be done: new requests are refused');
    } else if (before && !pressure) {
      log.warn({ refused, ms: Math.round(performance.now() - since) }, 'requests are taken again');
    }
  }, sampleMilliseconds).unref();

  return {
    isShedding: () => pressure !== undefined,
    milliseconds: () => (pressure ? performance.now() - since : 0),
    refused() {
      if (pressure) meter.add('shed', { pressure });
      refused += 1;
    },
    close() {
      clearInterval(timer);
      gauge.close();
    },
  };
}
