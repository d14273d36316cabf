import type { Meter } from '../telemetry/metrics.ts';
import type { MachineCache } from './cache.ts';

/** Shows what the cache takes to whoever looks. */
export function showCache(cache: MachineCache, meter: Meter): void {
  meter.watch('cacheBytes', () => [[{}, cache.figures.bytes]]);
  meter.watch('cacheEntries', () => [[{}, cache.figures.entries]]);
  meter.watch('cacheEvictions', () => [[{}, cache.figures.evictions]]);
}
