import { ask } from '../ask.ts';
import { forwarded } from '../authorizations.ts';
import { bodyOf, DEVICES } from '../operations.ts';
import { graphqlRequest } from '../request.ts';
import type { Started } from '../processes.ts';
import { costOf, inTurn } from './cost.ts';
import type { Curve } from './curve.ts';
import { callsTaken, startOne, type Stage } from './stage.ts';

const SIZES = [1, 10, 100, 1_000, 10_000, 100_000];
const NAMES_A_REQUEST = 100;
const BODIES = 400;
const FILLED_AT_ONCE = 500;
const ROOM = ['--max-old-space-size=6144'];

/** Requests of 100 names, drawn from more and more users who were asked for before. */
export async function cachedUsers(stage: Stage): Promise<Curve> {
  const ours = await grow(stage, await startOne(stage, 'ours', { flags: ROOM }));
  const bounded = await grow(
    stage,
    await startOne(stage, 'ours', { env: { CACHE_MAX_MEGABYTES: '64' } }),
  );
  const apollo = await grow(stage, await startOne(stage, 'apollo', { flags: ROOM }));
  return {
    id: 'cached-users',
    title: 'Cached users',
    xLabel: 'users asked for before; each request names 100 of them',
    yLabel: 'CPU microseconds for each user',
    series: [
      { name: 'this service', points: ours.cost },
      { name: 'this service, 64 MB as set', points: bounded.cost },
      { name: 'plain Apollo', points: apollo.cost },
    ],
    beside: [
      { name: 'this service: resident MB', points: ours.resident },
      { name: 'with 64 MB: resident MB', points: bounded.resident },
      { name: 'with 64 MB: REST calls a request', points: bounded.calls },
      { name: 'plain Apollo: resident MB', points: apollo.resident },
    ],
  };
}

async function grow({ upstream }: Stage, server: Started) {
  const [cost, resident, calls] = [0, 0, 0].map(() => new Map<number, number>()) as [
    Points,
    Points,
    Points,
  ];
  const url = new URL(server.url);
  const authorization = forwarded(0);
  let filled = 0;
  for (const size of SIZES) {
    for (let from = filled; from < size; from += FILLED_AT_ONCE) {
      const count = Math.min(FILLED_AT_ONCE, size - from);
      const names = Array.from({ length: count }, (_, index) => `user${from + index}`);
      await ask(url, authorization, bodyOf(DEVICES, names));
    }
    filled = size;
    const requests = Array.from({ length: BODIES }, () => {
      const names = Array.from({ length: NAMES_A_REQUEST }, () => `user${below(size)}`);
      return graphqlRequest(url, authorization, bodyOf(DEVICES, names));
    });
    let asked = 0;
    await callsTaken(upstream);
    const next = inTurn(requests);
    const { cpuMicroseconds } = await costOf(server, () => {
      asked += 1;
      return next();
    });
    cost.set(size, cpuMicroseconds / NAMES_A_REQUEST);
    calls.set(size, (await callsTaken(upstream)) / asked);
    resident.set(size, (await server.usage()).residentBytes / 1_048_576);
  }
  await server.stop();
  return { cost, resident, calls };
}

type Points = Map<number, number>;

function below(end: number): number {
  return Math.floor(Math.random() * end);
}
