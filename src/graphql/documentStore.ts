import type { DocumentStore } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Of all documents together. One takes about a hundred bytes of memory when it is parsed. */
const MOST_CHARACTERS = 500_000;
/** What the shortest document counts as. */
const LEAST = 200;

/**
 * Parsed and validated documents. Apollo Server's own store writes each document as JSON to learn its size, which is a
 * twentieth of the time of a document that was never seen before.
 */
export function createDocumentStore(): DocumentStore {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ loc }) => Math.max(LEAST, loc?.end ?? MOST_CHARACTERS),
  });
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => void documents.set(key, document),
    delete: async (key) => documents.delete(key),
  };
}
