import { ours, sharedClient, twoHashes, type Contestant } from './contestants.ts';
import type { LoginAuthority } from './loginAuthority.ts';
import { each, median, shuffled, timed } from './measure.ts';
import { milliseconds, printTable, ratio } from './table.ts';

const TURNS = 61;
/** Far from each other and from any size, so that each turn looks up other callers, from all over the cache. */
const STRIDE = 7_919;

interface Entrant {
  readonly name: string;
  readonly callers: number;
  readonly contestant: Contestant;
  readonly lookupsATurn: number;
  readonly costs: number[];
  next: number;
}

/** What it costs to turn a token that is known into one for Defender: verification, partition and lookup. */
export async function lookup({ url }: LoginAuthority, tokens: readonly string[]): Promise<void> {
  const service = { name: 'this service', build: () => ours(url), lookupsATurn: 500 };
  const shared = { name: 'a shared client', build: () => sharedClient(url), lookupsATurn: 5 };
  const hashes = { name: 'its two hashes alone', build: twoHashes, lookupsATurn: 500 };
  const entrants: Entrant[] = [];
  for (const [{ name, build, lookupsATurn }, callers] of [
    [service, 100],
    [service, 1_000],
    [service, 10_000],
    [hashes, 100],
    [hashes, 10_000],
    [shared, 100],
    [shared, 1_000],
  ] as const) {
    const contestant = build();
    await each(tokens.slice(0, callers), (token) => contestant.defenderToken(token));
    entrants.push({ name, callers, contestant, lookupsATurn, costs: [], next: 0 });
  }

  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const entrant of shuffled(entrants)) entrant.costs.push(await cost(entrant, tokens));
  }
  printTable(
    `A cached lookup, in ms: median and worst of ${TURNS} turns, and the median against that at 100 callers`,
    ['', 'callers', 'median', 'worst', 'ratio'],
    entrants.map(({ name, callers, costs }) => {
      const base = entrants.find((other) => other.name === name)?.costs ?? costs;
      const worst = milliseconds(Math.max(...costs));
      const middle = median(costs);
      return [name, callers, milliseconds(middle), worst, ratio(middle / median(base))];
    }),
  );
}

/** Milliseconds for one lookup, as the mean of a turn's. */
async function cost(entrant: Entrant, tokens: readonly string[]): Promise<number> {
  const { contestant, callers, lookupsATurn } = entrant;
  const chosen = Array.from({ length: lookupsATurn }, () => {
    entrant.next = (entrant.next + STRIDE) % callers;
    return tokens[entrant.next] ?? '';
  });
  const elapsed = await timed(async () => {
    for (const token of chosen) await contestant.defenderToken(token);
  });
  return elapsed / lookupsATurn;
}
