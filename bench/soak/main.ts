import { hasRedisServer, startRedisServer } from '../../test/redis/server.ts';
import { mostIn } from '../../test/defender/budget/windowCount.ts';
import { seededRandom } from '../../test/defender/budget/demand.ts';
import { Callers } from './callers.ts';
import { Defender } from './defender.ts';
import { LIMITS, Replicas } from './replica.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const HOURS = 2;

interface Line {
  readonly what: string;
  readonly is: number | string;
  readonly bound: string;
  readonly holds: boolean;
}

/** Two hours of a busy application on three replicas, on a clock that is turned by what is due next. */
async function soak(seed: number, outageEvery: number | undefined): Promise<Line[]> {
  const random = seededRandom(seed);
  const server = await startRedisServer();
  const replicas = new Replicas();
  await replicas.start(server.port, 3, random);
  const { clock } = replicas;
  const defender = new Defender(clock, random);
  const callers = new Callers(replicas, defender, random);
  const start = clock.now();

  callers.insist({ name: 'dashboard', priority: 'interactive' }, 40);
  callers.insist({ name: 'notebook', priority: 'bulk' }, 20);
  void callers.drop({ name: 'single', priority: 'interactive' }, 20 * SECOND, 1_000);
  void callers.drop(
    { name: 'invented', priority: 'interactive', isInvented: true },
    5 * SECOND,
    1_000_000,
  );
  if (outageEvery !== undefined) void cutAndMend(outageEvery);

  await clock.turn(HOURS * HOUR);
  const lines = report();
  await replicas.close();
  await server.stop();
  return lines;

  async function cutAndMend(every: number): Promise<void> {
    for (;;) {
      await clock.sleep(every * (0.5 + random()));
      const cut = replicas.all.filter(() => random() < 0.6);
      for (const replica of cut) replica.cut();
      await clock.sleep(random() * 2 * MINUTE);
      for (const replica of cut) replica.mend();
    }
  }

  function report(): Line[] {
    const { arrivals, seen } = defender;
    const within = callers.waits.filter((wait) => wait <= 3 * SECOND).length / callers.waits.length;
    const outages = replicas.all.reduce((sum, replica) => sum + replica.outages(), 0);
    const got = (group: string) => callers.got.get(group) ?? 0;
    const perHour = Array.from({ length: HOURS }, (_, hour) => {
      const from = start + hour * HOUR;
      return arrivals.filter((at) => at >= from && at < from + HOUR).length / LIMITS.hour;
    });
    return [
      atMost('calls in any 60 s', mostIn(MINUTE, arrivals), LIMITS.minute),
      atMost('calls in any 3,600 s', mostIn(HOUR, arrivals), LIMITS.hour),
      atMost('calls over the limits, as Defender counts', seen.overrun, 0),
      atMost('calls before a Retry-After known to their replica', seen.tooEarly, 0),
      ...perHour.map((used, hour) =>
        atLeast(`budget used in hour ${hour + 1}, while some wait`, used, 0.95),
      ),
      atLeast('single queries with their call within 3 s', within, 0.95),
      told('single queries', callers.waits.length),
      told(
        'calls by dashboard, notebook (bulk), single',
        ['dashboard', 'notebook', 'single'].map(got).join(', '),
      ),
      told(
        '429, 401, 503 that Defender answered',
        [seen.busy, seen.unauthenticated, seen.failed].join(', '),
      ),
      told('outages of Redis, by replica', outages),
      told('calls before one told beyond an outage', seen.unaware),
    ];
  }
}

function atMost(what: string, is: number, bound: number): Line {
  return { what, is, bound: `≤ ${bound}`, holds: is <= bound };
}

function atLeast(what: string, part: number, bound: number): Line {
  const percent = (number: number) => `${(number * 100).toFixed(1)} %`;
  return { what, is: percent(part), bound: `≥ ${percent(bound)}`, holds: part >= bound };
}

function told(what: string, is: number | string): Line {
  return { what, is, bound: '', holds: true };
}

if (!hasRedisServer()) process.exit(0);
const runs = [
  { name: 'Redis in reach', seed: 1, outageEvery: undefined },
  {
    name: 'Redis out of reach for some replicas, again and again',
    seed: 2,
    outageEvery: 10 * MINUTE,
  },
];
for (const { name, seed, outageEvery } of runs) {
  const started = performance.now();
  const lines = await soak(seed, outageEvery);
  const seconds = ((performance.now() - started) / SECOND).toFixed(1);
  console.log(`\n${name}: ${HOURS} hours, three replicas, seed ${seed}, in ${seconds} s`);
  for (const { what, is, bound, holds } of lines) {
    console.log(
      `  ${what.padEnd(48)} ${String(is).padStart(18)} ${bound.padStart(10)} ${holds ? '' : 'BROKEN'}`,
    );
    if (!holds) process.exitCode = 1;
  }
}
