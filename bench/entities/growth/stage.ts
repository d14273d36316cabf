import type { LoginAuthority } from '../../loginAuthority.ts';
import { entrants, serverEnvironment, type Entrant } from '../entrants.ts';
import { start, type Started, type StartOptions } from '../processes.ts';

/** What all contestants of the plots stand on. */
export interface Stage {
  readonly upstream: Started;
  readonly authority: LoginAuthority;
}

/** Starts a contestant of `npm run bench` by its id, with other settings where some are given. */
export async function startOne(
  { upstream, authority }: Stage,
  id: string,
  { env = {}, flags = [] }: StartOptions = {},
): Promise<Started> {
  const entrant = entrants.find((one) => one.id === id);
  if (!entrant) throw new Error(`No contestant ${id}`);
  return start(entrant.file, {
    flags: [...(entrant.flags ?? []), ...flags],
    env: { ...environmentOf(entrant, upstream.url, authority), ...entrant.env, ...env },
  });
}

function environmentOf(entrant: Entrant, api: string, authority: LoginAuthority) {
  return entrant.file === 'entities/thisServer'
    ? serverEnvironment(api, entrant, authority)
    : { DEFENDER_API_URL: api };
}

export async function callsTaken(upstream: Started): Promise<number> {
  const { calls } = (await upstream.ask('takeCalls')) as { readonly calls: number };
  return calls;
}
