import type { Rendering } from './rendering.ts';
import type { Sighting } from './sighting.ts';

// V8 on 64 bits: a string has a header of 16 bytes and one byte a character, or two where one of them is beyond Latin-1;
// an object has a header and a slot for each property. Words of enums are shared, so this weighs a little too much
// rather than too little.
const STRING_HEADER = 16;
const OBJECT_HEADER = 32;
const SLOT = 8;
const BEYOND_LATIN_1 = /[\u0100-\uffff]/;
/** What the cache itself keeps for one entry: map entry, list links, size, life. */
const ENTRY = 400;

/** A buffer with memory of its own, the rendering's object, its places in two lists, and the map entry of its spelling. */
const RENDERING = 700;

/** About how many bytes of memory a sighting takes. */
export function bytesOf({ machines }: Sighting): number {
  return ENTRY + weigh(machines);
}

/** The same of a rendering, without its sighting. */
export function bytesOfRendering({ json, spelling }: Rendering): number {
  return RENDERING + json.byteLength + 2 * spelling.length;
}

// By loops: each device that is read is weighed, and lists of its values would take twice the time, as would the names of
// the places in a list.
function weigh(value: unknown): number {
  if (typeof value === 'string') {
    return STRING_HEADER + value.length * (BEYOND_LATIN_1.test(value) ? 2 : 1);
  }
  if (typeof value !== 'object' || value === null) return 0;
  let bytes = OBJECT_HEADER;
  if (Array.isArray(value)) {
    for (const item of value) bytes += SLOT + weigh(item);
    return bytes;
  }
  const parts = value as Readonly<Record<string, unknown>>;
  for (const name in parts) bytes += SLOT + weigh(parts[name]);
  return bytes;
}
