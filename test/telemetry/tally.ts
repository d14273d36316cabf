import { METRICS, type Meter } from '../../src/telemetry/metrics.ts';

/** A meter that a test can read: sums of counters, and how often a histogram was told something, by name and labels. */
export function tally(): { readonly meter: Meter; readonly counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  const add = (name: keyof typeof METRICS, labels: Readonly<Record<string, string>>, by = 1) => {
    const key = [name, ...METRICS[name].labels.map((label) => labels[label])].join(' ');
    counts[key] = (counts[key] ?? 0) + by;
  };
  return { meter: { add, observe: (name, labels) => add(name, labels), watch() {} }, counts };
}
