import { noMeter, type Meter } from './metrics.ts';
import type { Tracing } from './tracing.ts';

/** What a stop is watched with. */
export interface Instruments {
  readonly meter: Meter;
  readonly tracing: Tracing | undefined;
  /** Milliseconds, of a clock that never goes back. */
  readonly now: () => number;
}

export const noInstruments: Instruments = {
  meter: noMeter,
  tracing: undefined,
  now: () => performance.now(),
};
