import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startLoginAuthority } from '../loginAuthority.ts';
import { agreed } from './agreement.ts';
import { entrants, startContestants } from './entrants.ts';
import { load } from './load.ts';
import { markdownTable } from './markdown.ts';
import { prepare } from './prepare.ts';
import { start } from './processes.ts';
import { selfTimes, type CpuProfile } from './selfTimes.ts';
import { describeMachine } from './results.ts';
import { requestsOf } from './rounds.ts';
import { scenarios } from './scenarios.ts';

const WARM_UP = { connections: 16, milliseconds: 2_000 };
const MEASURED = { connections: 16, milliseconds: 6_000 };
const MOST_PLACES = 20;
const MOST_FUNCTIONS = 25;
const RESULTS = 'bench/results';

const { values } = parseArgs({
  options: {
    /** The id of a scenario of `npm run bench`. */
    scenario: { type: 'string', default: '100' },
    /** The id of a contestant that has GraphQL. */
    contestant: { type: 'string', default: 'ours' },
  },
});
const scenario = scenarios.find(({ id }) => id === values.scenario);
const chosen = entrants.filter(({ id }) => id === values.contestant);
if (!scenario || chosen.length === 0) throw new Error('No such scenario or contestant');

prepare();
const upstream = await start('entities/upstream');
const authority = await startLoginAuthority();
const contestants = await startContestants(chosen, upstream.url, authority);
await agreed(scenario, contestants, upstream, new Map());

const sections: string[] = [];
for (const contestant of contestants) {
  const next = requestsOf(scenario, contestant);
  await load(contestant.url, next, WARM_UP);
  await contestant.process.ask('profile');
  const turn = await load(contestant.url, next, MEASURED);
  const profile = (await contestant.process.ask('endProfile')) as CpuProfile;
  const file = path.join(tmpdir(), `bench-${contestant.id}-${scenario.id}.cpuprofile`);
  writeFileSync(file, JSON.stringify(profile));
  process.stderr.write(`For Chrome's developer tools: ${file}\n`);

  const { places, functions, busyMilliseconds } = selfTimes(profile);
  const perRequest = ((busyMilliseconds * 1_000) / turn.requests).toFixed(0);
  const row = ({ name, milliseconds }: { name: string; milliseconds: number }) => {
    const part = ((milliseconds / busyMilliseconds) * 100).toFixed(1);
    return [name, `${part} %`, ((milliseconds * 1_000) / turn.requests).toFixed(1)];
  };
  sections.push(
    `### ${contestant.label}, cached, ${scenario.title}: ${perRequest} µs of the thread a request`,
    markdownTable(['place', 'self', 'µs a request'], places.slice(0, MOST_PLACES).map(row)),
    markdownTable(
      ['function', 'self', 'µs a request'],
      functions.slice(0, MOST_FUNCTIONS).map(row),
    ),
  );
}
await Promise.all([...contestants.map((one) => one.process.stop()), upstream.stop()]);
await authority.close();

const text = ['<!-- Written by `npm run bench:profile`. -->', describeMachine(), ...sections, ''];
process.stdout.write(`\n${text.join('\n\n')}`);
if (process.argv.length === 2) {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${RESULTS}/profile.md`, text.join('\n\n'));
}
