import type { Sighting } from './sighting.ts';

/** What of a sighting is the same for all replicas. */
export function textOf({ machines, readAt, complete }: Sighting): string {
  return JSON.stringify({ machines, readAt, complete });
}

/** The sighting of a text that `textOf` wrote: frozen through and through, and fresh as far as the reader finds. */
export function sightingOf(text: string): Sighting {
  const { machines, readAt, complete } = JSON.parse(text) as Sighting;
  return Object.freeze({
    machines: frozen(machines),
    readAt,
    complete,
    freshUntil: readAt,
    source: 'CACHE',
  });
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
