import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startLoginAuthority } from '../loginAuthority.ts';
import { agreed } from './agreement.ts';
import { bars } from './bars.ts';
import { cold } from './cold.ts';
import { entrants, startContestants, takesPart } from './entrants.ts';
import { prepare } from './prepare.ts';
import { start } from './processes.ts';
import { report } from './report.ts';
import { describeMachine, type Results, type WarmResult } from './results.ts';
import { rounds, type Pace } from './rounds.ts';
import { scenarios } from './scenarios.ts';

const RESULTS = 'bench/results';
const FULL: Pace = { rounds: 8, turnMilliseconds: 400, warmUpMilliseconds: 4_000 };
const QUICK: Pace = { rounds: 3, turnMilliseconds: 250, warmUpMilliseconds: 250 };
const COLD_ROUNDS = { full: 8, quick: 3 };

const { values } = parseArgs({
  options: {
    /** About a minute, and not as exact; prints and writes nothing. */
    quick: { type: 'boolean', default: false },
    /** Ids of scenarios, and `cold`, with commas between them; default: all. */
    only: { type: 'string' },
    /** Ids of contestants, with commas between them; default: all. */
    contestants: { type: 'string' },
  },
});
const isIn = (list: string | undefined, id: string) => list?.split(',').includes(id) ?? true;
const isWhole = !values.quick && !values.only && !values.contestants;

prepare();
const chosen = entrants.filter(({ id }) => isIn(values.contestants, id));
const upstream = await start('entities/upstream');
const authority = await startLoginAuthority();
const contestants = await startContestants(chosen, upstream.url, authority);

const warm: WarmResult[] = [];
const known = new Map<string, Set<string>>();
for (const scenario of scenarios.filter(({ id }) => isIn(values.only, id))) {
  process.stderr.write(`${scenario.title}\n`);
  const taking = contestants.filter((contestant) => takesPart(contestant, scenario));
  const calls = await agreed(scenario, taking, upstream, known);
  const showings = await rounds(scenario, taking, values.quick ? QUICK : FULL);
  // As it was before: still the same answers, and not one call more.
  await agreed(scenario, taking, upstream, known);
  warm.push({ scenario, calls, showings });
}
const coldRounds = values.quick ? COLD_ROUNDS.quick : COLD_ROUNDS.full;
const results: Results = {
  machine: describeMachine(),
  entrants: chosen,
  warm,
  cold: isIn(values.only, 'cold') ? await cold(contestants, upstream, coldRounds) : undefined,
};
await Promise.all([...contestants.map((one) => one.process.stop()), upstream.stop()]);
await authority.close();

const tables = report(results);
process.stdout.write(`\n${tables}`);
if (isWhole) {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${RESULTS}/entities.md`, tables);
  writeFileSync(`${RESULTS}/entities.svg`, bars(results));
}
