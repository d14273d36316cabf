import { openRoad, type Reply, type Road } from '../../../test/road.ts';
import { startDirectory, type DirectoryKey } from '../directory.ts';
import type { Router } from './routers.ts';
import { watch, type Watched } from './watched.ts';

/** People who are asked for in each test; the directory has more. */
export const FEW = 12;

/** How many of them are different accounts. */
export const FEW_ACCOUNTS = FEW - 1;

/** Calls a minute of the machines that have few. */
export const POOR = 4;

/** What a directory can hold that no account name can be, and that the router hands on all the same. */
export const ODD_NAMES = ['..', 'a/../b', 'line\nbreak', 'x'.repeat(300), '@'];

export interface Supergraph {
  /** The router's endpoint. */
  readonly url: string;
  readonly directory: Watched;
  readonly machines: Watched;
  /** The machines in forward mode, on behalf of the caller, and in forward mode with few calls. */
  readonly forward: Road;
  readonly onBehalfOf: Road;
  readonly poor: Road;
  ask(question: Question): Promise<Reply>;
  close(): Promise<void>;
}

interface Question {
  readonly query: string;
  readonly token?: string;
  readonly priority?: string;
}

/**
 * A router over HTTP, over a directory and the machines, over an emulated Defender: all but the router on one hand-turned
 * clock. The directory has every user of Defender; the third is the first in another spelling, and after the
 * few come people whose names no account can have.
 */
export async function openSupergraph(router: Router, userKey: DirectoryKey): Promise<Supergraph> {
  const env = { USER_KEY: userKey, CACHE_STALE_SECONDS: '0' };
  const forward = await openRoad(env);
  const onBehalfOf = await openRoad({ ...env, AUTH_MODE: 'on-behalf-of' }, {}, forward);
  const poor = await openRoad({ ...env, DEFENDER_CALLS_PER_MINUTE: POOR.toString() }, {}, forward);
  const started = await startDirectory({ users: peopleOf(forward, userKey), userKey });
  const directory = await watch(started.url);
  const machines = await watch(forward.url);
  const urls = { directory: directory.url, machines: machines.url };
  const running = await router.start({ userKey, urls });
  return {
    url: running.url,
    directory,
    machines,
    forward,
    onBehalfOf,
    poor,
    async ask({ query, token, priority }) {
      const response = await fetch(running.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(priority !== undefined && { 'x-defender-priority': priority }),
        },
        body: JSON.stringify({ query }),
      });
      const { data, errors = [] } = (await response.json()) as Partial<Reply>;
      return { status: response.status, headers: response.headers, data, errors };
    },
    async close() {
      await running.close();
      await Promise.all([directory.close(), machines.close()]);
      await Promise.all([started.close(), onBehalfOf.close(), poor.close()]);
      await forward.close();
    },
  };
}

function peopleOf({ defender }: Road, userKey: DirectoryKey) {
  const known = defender.estate.users.map((user) => ({
    // Keyed by id, the account is the id; else the id says nothing of the account.
    id: userKey === 'id' ? user.accountName : user.objectId,
    displayName: user.displayName,
    userPrincipalName: user.userPrincipalName,
  }));
  const [first, second, ...others] = known;
  if (!first || !second) throw new Error('The estate has no users');
  const spelled = {
    id: userKey === 'id' ? first.id.toUpperCase() : 'spelled-otherwise',
    displayName: first.displayName,
    userPrincipalName: first.userPrincipalName.toUpperCase(),
  };
  const odd = ODD_NAMES.map((name, index) => ({
    id: userKey === 'id' ? name : `odd-${index}`,
    displayName: `Odd ${index}`,
    userPrincipalName: name,
  }));
  const few = [first, second, spelled, ...others.slice(0, FEW - 3)];
  return [...few, ...odd, ...others.slice(FEW - 3)];
}
