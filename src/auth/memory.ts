import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';

/** A bounded memory whose entries end at a fixed moment: neither reading nor the age of the memory prolongs one. */
export interface Memory<Value> {
  recall(key: string): Value | undefined;
  /** `until`: milliseconds since the epoch, the first moment at which the value is gone. */
  remember(key: string, value: Value, until: number): void;
}

/**
 * The least recently used of more than `max` entries makes room. The end of life is kept beside the value and not as
 * lru-cache's `ttl`, for which 0 means forever and the last millisecond still counts.
 */
export function createMemory<Value>(max: number, clock: Clock): Memory<Value> {
  const entries = new LRUCache<string, { value: Value; until: number }>({ max });
  return {
    recall(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.until > clock.now()) return entry.value;
      entries.delete(key);
      return undefined;
    },
    remember(key, value, until) {
      if (until > clock.now()) entries.set(key, { value, until });
    },
  };
}
