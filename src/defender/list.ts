import type { Caller } from '../auth/caller.ts';
import type { Failure } from '../errors.ts';
import type { Get } from './get.ts';
import { invalidResponse } from './refusal.ts';

export interface List {
  readonly values: readonly unknown[];
  /** False where pages were left unread. */
  readonly complete: boolean;
}

/** The OData list at `path` with all its pages; undefined where Defender answers 404. Rejects with a Failure. */
export type GetList = (
  caller: Caller,
  path: string,
  signal: AbortSignal,
) => Promise<List | undefined>;

const MOST_PAGES = 20;

export function createGetList(get: Get): GetList {
  return async (caller, firstPath, signal) => {
    const seen = new Set<string>();
    let values: readonly unknown[] = [];
    let path: string | undefined = firstPath;
    while (path !== undefined) {
      if (seen.size === MOST_PAGES || seen.has(path)) return { values, complete: false };
      seen.add(path);
      const page = await get(caller, path, signal);
      if (page === undefined) return seen.size === 1 ? undefined : { values, complete: false };
      const { value, nextLink } = readPage(page);
      // Not pushed by spreading: a list can have more items than a call takes arguments.
      values = values.concat(value);
      path = nextLink && rebased(nextLink, path);
    }
    return { values, complete: true };
  };
}

function readPage(page: unknown): { value: unknown[]; nextLink: string | undefined } {
  const { value, '@odata.nextLink': nextLink } = Object(page) as Record<string, unknown>;
  if (!Array.isArray(value)) throw invalidResponse('no list of devices');
  if (nextLink === undefined || nextLink === null || nextLink === '')
    return { value, nextLink: undefined };
  if (typeof nextLink !== 'string') throw noLink();
  return { value, nextLink };
}

/**
 * A next link can name a regional host: path and query are all of it that is followed, so a token goes nowhere else. What
 * is no link of HTTP has no path of ours; that of a blob: would be a whole URL.
 */
function rebased(nextLink: string, path: string): string {
  const base = `https://configured.invalid${path}`;
  if (!URL.canParse(nextLink, base)) throw noLink();
  const { protocol, pathname, search } = new URL(nextLink, base);
  if (!/^https?:$/.test(protocol)) throw noLink();
  return pathname + search;
}

function noLink(): Failure {
  return invalidResponse('a next link that is no link');
}
