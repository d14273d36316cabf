import { createHash } from 'node:crypto';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { Machine } from '../../src/machines/machine.ts';
import { withFetch, withUndici, type ReadMachines } from './readMachines.ts';

/** What the resolvers of one request share. */
export interface Context {
  machinesOf(user: string): Promise<readonly Machine[]>;
}

export type CreateContext = (authorization: string | undefined) => Context;

const TTL_MILLISECONDS = 86_400_000;
const MOST_USERS = 200_000;

export const { DEFENDER_API_URL = '', UPSTREAM_CLIENT } = process.env;
const read = UPSTREAM_CLIENT === 'undici' ? withUndici : withFetch;

/** As a careful team writes it: a loader for each request, and a cache in which no caller sees what another one saw. */
export function loadedAndCached(): CreateContext {
  const recalled = cached(read(DEFENDER_API_URL));
  return (authorization) => {
    const given = required(authorization);
    const partition = createHash('sha256').update(given).digest('base64url');
    const loader = new DataLoader<string, readonly Machine[]>((users) =>
      Promise.all(users.map((user) => recalled(partition, given, user))),
    );
    return { machinesOf: (user) => loader.load(user) };
  };
}

/** One REST call for each time that a user is named. */
export function neitherLoadedNorCached(): CreateContext {
  const machinesOf = read(DEFENDER_API_URL);
  return (authorization) => {
    const given = required(authorization);
    return { machinesOf: (user) => machinesOf(given, user) };
  };
}

/** Machines that this partition has seen, or else reads now. */
export function cached(readMachines: ReadMachines) {
  const entries = new LRUCache<string, readonly Machine[]>({
    max: MOST_USERS,
    ttl: TTL_MILLISECONDS,
  });
  return async (partition: string, authorization: string, user: string) => {
    const key = `${partition}/${user}`;
    const known = entries.get(key);
    if (known) return known;
    const machines = await readMachines(authorization, user);
    entries.set(key, machines);
    return machines;
  };
}

function required(authorization: string | undefined): string {
  if (!authorization) throw new Error('Send an Authorization header');
  return authorization;
}
