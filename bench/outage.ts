import { ours, sharedClient, type Contestant } from './contestants.ts';
import type { LoginAuthority, Outage } from './loginAuthority.ts';
import { median, shuffled, timed } from './measure.ts';
import { milliseconds, printTable, ratio } from './table.ts';

const TURNS = 101;
const OTHERS = 50;

interface Entrant {
  readonly name: string;
  readonly build: () => Contestant;
  readonly outage: Outage | undefined;
  /** Medians of the others' exchanges, one a turn, of those that went well. */
  readonly times: number[];
  failed: number;
}

/** One caller's exchanges fail, before and while others have theirs. Nobody's token is known yet. */
export async function outage(authority: LoginAuthority, tokens: readonly string[]): Promise<void> {
  const [unlucky = '', ...others] = tokens.slice(0, OTHERS + 1);
  const entrants: Entrant[] = [
    { name: 'this service', build: () => ours(authority.url) },
    { name: 'a shared client', build: () => sharedClient(authority.url) },
  ].flatMap((who) =>
    ([undefined, 429, 503] as const).map((status) => ({
      ...who,
      outage: status,
      times: [],
      failed: 0,
    })),
  );

  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const entrant of shuffled(entrants)) {
      const contestant = entrant.build();
      for (const token of [unlucky, ...others]) await contestant.verify(token);
      authority.refuse(entrant.outage && unlucky, entrant.outage);
      await contestant.defenderToken(unlucky).catch(() => {});
      const again = contestant.defenderToken(unlucky).catch(() => {});
      const answers = await Promise.allSettled(
        others.map((token) => timed(() => contestant.defenderToken(token))),
      );
      await again;
      const good = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      if (good.length > 0) entrant.times.push(median(good));
      entrant.failed += OTHERS - good.length;
    }
  }
  authority.refuse(undefined);

  printTable(
    `One caller's exchanges fail while ${OTHERS} others have theirs: the others, in ${TURNS} turns`,
    ['', 'the one gets', 'others failed', 'median in ms', 'ratio'],
    entrants.map(({ name, outage: status, times, failed }) => {
      const undisturbed = entrants.find((other) => other.name === name)?.times ?? times;
      const isMeasured = times.length > 0;
      return [
        name,
        status ?? 'a token',
        `${failed} of ${OTHERS * TURNS}`,
        isMeasured ? milliseconds(median(times)) : '',
        isMeasured ? ratio(median(times) / median(undisturbed)) : '',
      ];
    }),
  );
}
