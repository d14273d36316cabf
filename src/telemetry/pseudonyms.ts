import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** What somebody is called where their name is not to be read: always the same, and telling nobody who. */
export type Pseudonym = (name: string) => string;

/** A name of 20 characters takes about 150 bytes. */
const REMEMBERED = 50_000;

/** 80 bits of an HMAC-SHA-256, so that the same `key` gives the same pseudonym in every process. */
export function createPseudonyms(key: Uint8Array): Pseudonym {
  const known = new LRUCache<string, string>({ max: REMEMBERED });
  return (name) => {
    let pseudonym = known.get(name);
    if (pseudonym === undefined) {
      pseudonym = createHmac('sha256', key).update(name).digest('base64url').slice(0, 14);
      known.set(name, pseudonym);
    }
    return pseudonym;
  };
}
