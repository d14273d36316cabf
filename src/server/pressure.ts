import { constants, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** What there is too much of. */
export type Pressure = 'event_loop' | 'heap';

export interface PressureLimits {
  /** Milliseconds by which the turns of a second may be late, on average. 0 for any. */
  readonly eventLoopDelayMilliseconds: number;
  /** Of what V8 lets the heap grow to, how much may be in use. 0 for any. */
  readonly heapPercent: number;
}

export interface PressureGauge {
  read(): Pressure | undefined;
  close(): void;
}

/** Milliseconds. */
const RESOLUTION = 10;
/**
 * V8's limit of the heap counts the young generation too, three times the 32 MiB that `npm start` sets; a process dies when
 * the old one is full. Where Node is told of less, the heap is full a little early; where it is told of more, too late.
 */
const YOUNG_BYTES = 100_663_296;

/**
 * To be read at regular times: it tells of the time since it was read last. The loop is late by the mean of its turns: one
 * long turn among many short ones, such as a collection of garbage, is none of it. The heap is as full as the last whole
 * collection has left it: what fills it in between may all be garbage. A V8 that has nothing to do collects by itself,
 * some ten seconds after the load has gone.
 */
export function createPressureGauge(limits: PressureLimits): PressureGauge {
  const { eventLoopDelayMilliseconds, heapPercent } = limits;
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION });
  delays.enable();
  let readAt = performance.now();
  const { heap_size_limit: limit } = getHeapStatistics();
  const mostBytes = (Math.max(limit - YOUNG_BYTES, limit / 2) * heapPercent) / 100;
  let liveBytes = 0;
  const collections = new PerformanceObserver((list) => {
    if (list.getEntries().some(isWhole)) liveBytes = process.memoryUsage().heapUsed;
  });
  if (heapPercent > 0) collections.observe({ entryTypes: ['gc'] });

  return {
    read() {
      const now = performance.now();
      // The first turn after a reset is not counted, and may be the only one: there is no mean then.
      const delay = (now - readAt) / (delays.count + 1) - RESOLUTION;
      delays.reset();
      readAt = now;
      if (eventLoopDelayMilliseconds > 0 && delay > eventLoopDelayMilliseconds) return 'event_loop';
      return heapPercent > 0 && liveBytes > mostBytes ? 'heap' : undefined;
    },
    close() {
      delays.disable();
      collections.disconnect();
    },
  };
}

function isWhole(entry: object): boolean {
  const { detail } = entry as { readonly detail?: { readonly kind?: number } };
  return detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}
