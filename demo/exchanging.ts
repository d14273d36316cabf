import { ask, unlike, USERS, wrongsIn, type Asked } from './asking.ts';
import type { Forwarded } from './forwarding.ts';
import type { Road } from './stage.ts';

/** Each person has two, the second a renewed one: each must itself be let through to Defender. */
const TOKENS = 2;

export interface Exchanged {
  readonly caller: string;
  readonly first: Asked;
  readonly then: Asked;
  /** With another token of the same person. */
  readonly renewed: Asked;
  readonly exchanges: number;
  readonly wrongs: readonly string[];
}

/** Asks as one person whose token is meant for this service, and holds the devices against those of forward mode. */
export async function askOnBehalfOf(
  road: Road,
  { caller, first: forwarded }: Forwarded,
  tokens: { readonly first: string; readonly renewed: string },
): Promise<Exchanged> {
  const first = await ask(road, tokens.first);
  const then = await ask(road, tokens.first);
  const renewed = await ask(road, tokens.renewed);
  const all = [first, then, renewed];
  const exchanges = all.reduce((sum, asked) => sum + asked.exchanges, 0);
  const wrongs = [
    ...all.flatMap((asked) => wrongsIn(asked, road, caller)),
    ...unlike('calls at first', first.calls, USERS),
    ...unlike('calls for what was cached', then.calls, 0),
    ...unlike('calls with a renewed token', renewed.calls, 0),
    ...unlike('exchanges', exchanges, TOKENS),
    ...(sameSeen(first, forwarded) ? [] : ['other devices than in forward mode']),
  ];
  return { caller, first, then, renewed, exchanges, wrongs };
}

export interface Forged {
  readonly how: string;
  readonly asked: Asked;
  readonly wrongs: readonly string[];
}

/** Asks with tokens that name a person whose answers are cached, and that the login authority never signed. */
export async function askWithForgeries(road: Road, caller: string): Promise<Forged[]> {
  const { issuer } = road.defender;
  const forgeries = [
    { how: 'signed by another key', token: await issuer.userToken(caller, { key: 'foreign' }) },
    { how: 'not signed (alg: none)', token: await issuer.userToken(caller, { alg: 'none' }) },
    {
      how: 'public key as secret (HS256)',
      token: await issuer.userToken(caller, { alg: 'HS256' }),
    },
  ];
  const forged: Forged[] = [];
  for (const { how, token } of forgeries) {
    const asked = await ask(road, token);
    const answered = [...asked.seen.values()].filter((ids) => ids !== null).length;
    const wrongs = [
      ...unlike('users answered', answered, 0),
      ...unlike('calls', asked.calls, 0),
      ...unlike('exchanges', asked.exchanges, 0),
      ...([...asked.codes].join() === 'UNAUTHENTICATED' ? [] : ['not UNAUTHENTICATED']),
    ];
    forged.push({ how, asked, wrongs });
  }
  return forged;
}

function sameSeen({ seen }: Asked, { seen: others }: Asked): boolean {
  return seen.size === others.size && [...seen].every(([user, ids]) => others.get(user) === ids);
}
