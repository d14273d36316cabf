import { startFlags } from '../../test/process/startFlags.ts';
import { authorizations, type Authorizations } from './authorizations.ts';
import { start, type Started } from './processes.ts';
import { CLIENT_ID, TENANT_ID, type LoginAuthority } from '../loginAuthority.ts';
import type { Scenario } from './scenarios.ts';

/** Who takes part, and where. */
export interface Entrant {
  readonly id: string;
  readonly label: string;
  readonly isBare: boolean;
  /** Whether it asks Defender once for each user that it does not know, and then knows the user. */
  readonly isCaching: boolean;
  readonly file: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of node itself. */
  readonly flags?: readonly string[];
  readonly token: keyof Authorizations;
  /** Whether it takes part only where nobody is known. */
  readonly isColdOnly?: boolean;
}

const graphql = { isBare: false, isCaching: true, token: 'forward' } as const;
const bare = { isBare: true, isCaching: true, token: 'forward' } as const;

export const entrants: readonly Entrant[] = [
  {
    ...graphql,
    id: 'naive',
    label: 'naive: no loader, no cache',
    isCaching: false,
    file: 'contestants/naive',
  },
  { ...graphql, id: 'apollo', label: 'plain Apollo, standalone', file: 'contestants/apollo' },
  {
    ...graphql,
    id: 'apollo-options',
    label: 'plain Apollo, with our options of V8',
    file: 'contestants/apollo',
    flags: startFlags(),
  },
  {
    ...graphql,
    id: 'apollo-undici',
    label: 'plain Apollo, calling by undici',
    file: 'contestants/apollo',
    env: { UPSTREAM_CLIENT: 'undici' },
    isColdOnly: true,
  },
  { ...graphql, id: 'yoga', label: 'GraphQL Yoga', file: 'contestants/yoga' },
  { ...graphql, id: 'mercurius', label: 'mercurius with JIT', file: 'contestants/mercurius' },
  {
    ...bare,
    id: 'fields',
    label: 'node:http, fields picked by hand',
    file: 'contestants/fieldsByHand',
  },
  {
    ...graphql,
    id: 'ours',
    label: 'this service',
    file: 'entities/thisServer',
    flags: startFlags(),
  },
  {
    ...graphql,
    id: 'ours-obo',
    label: 'this service, on behalf of',
    file: 'entities/thisServer',
    flags: startFlags(),
    token: 'onBehalfOf',
  },
  {
    ...bare,
    id: 'prepared',
    label: 'node:http, one prepared answer',
    file: 'contestants/preparedAnswer',
  },
  {
    ...bare,
    id: 'prepared-options',
    label: 'the same, with our options of V8',
    file: 'contestants/preparedAnswer',
    flags: startFlags(),
  },
];

/** An entrant that is running. */
export interface Contestant extends Entrant {
  readonly url: URL;
  readonly process: Started;
  readonly authorization: string;
}

/** One process each. */
export async function startContestants(
  chosen: readonly Entrant[],
  api: string,
  authority: LoginAuthority,
): Promise<Contestant[]> {
  const given = await authorizations(authority);
  return Promise.all(
    chosen.map(async (entrant) => {
      const env =
        entrant.file === 'entities/thisServer' ? serverEnvironment(api, entrant, authority) : {};
      const process = await start(entrant.file, {
        env: { DEFENDER_API_URL: api, ...entrant.env, ...env },
        flags: entrant.flags ?? [],
      });
      const url = new URL(process.url);
      return { ...entrant, url, process, authorization: given[entrant.token] };
    }),
  );
}

export function takesPart(entrant: Entrant, scenario: Scenario): boolean {
  return !entrant.isColdOnly && (scenario.isPlain || !entrant.isBare);
}

/** Nothing but the work itself is to hold it up, as nothing holds up the others. */
export function serverEnvironment(
  api: string,
  { token }: Pick<Entrant, 'token'>,
  authority: Pick<LoginAuthority, 'url'>,
): Record<string, string> {
  return {
    PORT: '0',
    // Nobody else writes a line for each request.
    LOG_LEVEL: 'error',
    DEFENDER_API_URL: api,
    DEFENDER_CLOUD: 'global',
    DEFENDER_CALLS_PER_MINUTE: '1000000',
    DEFENDER_CALLS_PER_HOUR: '1000000',
    DEFENDER_MAX_CONCURRENCY: '1000',
    CACHE_MAX_MEGABYTES: '4096',
    CACHE_TTL_SECONDS: '86400',
    ...(token === 'onBehalfOf' && {
      AUTH_MODE: 'on-behalf-of',
      ENTRA_AUTHORITY_URL: authority.url,
      ENTRA_CLIENT_ID: CLIENT_ID,
      ENTRA_CLIENT_SECRET: 'bench-client-secret',
      ENTRA_TENANT_ID: TENANT_ID,
    }),
  };
}
