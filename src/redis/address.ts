const FORM =
  /^redis(s?):\/\/(?:([^@/]*)@)?([^@/?,]+)(?:\/(\d*))?$|^redis(s?)\+(cluster|sentinel):\/\/(?:([^@/]*)@)?([^@/?]+)(?:\/([\w.-]*))?$/;

export const REDIS_URL_RULE =
  'must be redis[s]://[user:password@]host[:port][/database], redis[s]+sentinel://[…@]host[:port],…/name or redis[s]+cluster://[…@]host[:port],…';

/** Where a Redis or Valkey is. */
export interface RedisAddress {
  readonly kind: 'server' | 'sentinel' | 'cluster';
  /** The server itself, the sentinels, or some of the cluster's nodes. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly isTls: boolean;
  readonly username: string | undefined;
  /** For servers and for sentinels. */
  readonly password: string | undefined;
  readonly database: number;
  /** By which sentinels know the server. */
  readonly name: string;
}

/**
 * - `redis[s]://[user:password@]host[:port][/database]`
 * - `redis[s]+sentinel://[user:password@]host[:port],…/name`
 * - `redis[s]+cluster://[user:password@]host[:port],…`
 *
 * User and password are percent-encoded. Undefined for any other form.
 */
export function redisAddressOf(url: string): RedisAddress | undefined {
  const match = FORM.exec(url);
  if (!match) return undefined;
  const [, tls, login, host, database, manyTls, kind, manyLogin, hosts, name = ''] = match;
  const nodes = (host ?? hosts ?? '').split(',').map(nodeOf);
  const [username, password] = (login ?? manyLogin ?? '').split(':').map(decoded);
  const isWrong =
    nodes.some((node) => node.host === '' || node.port > 65_535) ||
    (kind === 'sentinel') !== (name !== '') ||
    [username, password].includes(null);
  if (isWrong) return undefined;
  return {
    kind: kind === 'cluster' || kind === 'sentinel' ? kind : 'server',
    nodes,
    isTls: Boolean(tls ?? manyTls),
    username: username || undefined,
    password: password || undefined,
    database: Number(database ?? 0),
    name,
  };
}

function nodeOf(text: string): { host: string; port: number } {
  const [, bracketed, name = '', port = '6379'] =
    /^(?:\[([^\]]+)\]|([^:[\]\s]+))(?::(\d+))?$/.exec(text) ?? [];
  return { host: bracketed ?? name, port: Number(port) };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
