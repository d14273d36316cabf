import type { ApolloServerPlugin, DocumentStore } from '@apollo/server';
import { parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from './context.ts';
import { isSurelyValid } from './validity.ts';

export interface Documents {
  /** Parsed and validated documents, for Apollo Server. */
  readonly store: DocumentStore;
  /** Puts a document there that was never seen before, ahead of Apollo Server, where it is certain to be valid. */
  readonly plugin: ApolloServerPlugin<Context>;
}

/** Of all documents together. Each takes about a hundred bytes of memory in a parsed document: 50 MB at most. */
const MOST_CHARACTERS = 500_000;
/** Hashes, each of which takes some 150 bytes. */
const MOST_MET = 5_000;
const MOST_FIRST = 100;
/** What the shortest document counts as. */
const LEAST = 200;
/** Characters of a document that is judged twice if it is not valid. Routers send shorter ones. */
const LONGEST_JUDGED = 4_000;

/**
 * Apollo Server's own store writes each document as JSON to learn its size, and its validation takes as long as the
 * execution of a request for ten users: together a quarter of the time of a document that was never seen before. One that
 * is never sent again is not kept: it would live on as some hundred objects that the collector has to move.
 */
export function createDocuments(maxTokens: number): Documents {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ loc }) => Math.max(LEAST, loc?.end ?? MOST_CHARACTERS),
  });

  /** Hashes of documents that came once at least. */
  const met = new LRUCache<string, true>({ max: MOST_MET });
  /** By its hash, one that came for the first time, until Apollo Server takes it, which is at once. */
  const first = new LRUCache<string, DocumentNode>({ max: MOST_FIRST });

  const taken = (hash: string) => {
    const document = first.get(hash);
    first.delete(hash);
    return document;
  };
  const keep = (hash: string, document: DocumentNode): boolean => {
    const isMet = met.has(hash);
    met.set(hash, true);
    if (isMet) documents.set(hash, document);
    return isMet;
  };

  return {
    store: {
      get: async (key) => documents.get(hashIn(key)) ?? taken(hashIn(key)),
      set: async (key, document) => void keep(hashIn(key), document),
      delete: async (key) => documents.delete(hashIn(key)),
    },
    plugin: {
      async requestDidStart() {
        return {
          async didResolveSource({ source, queryHash, schema }) {
            if (source.length > LONGEST_JUDGED || documents.has(queryHash)) return;
            const document = validDocument(schema, source, maxTokens);
            if (document && !keep(queryHash, document)) first.set(queryHash, document);
          },
        };
      },
    },
  };
}

/** Apollo Server puts its own hash of the schema, which is one for all, before that of the document. */
function hashIn(key: string): string {
  return key.slice(key.lastIndexOf(':') + 1);
}

function validDocument(
  schema: GraphQLSchema,
  source: string,
  maxTokens: number,
): DocumentNode | undefined {
  try {
    const document = parse(source, { maxTokens });
    return isSurelyValid(schema, document) ? document : undefined;
  } catch {
    // Apollo Server parses it again, and says what is wrong with it.
    return undefined;
  }
}
