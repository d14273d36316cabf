import { ask } from '../ask.ts';
import { forwarded } from '../authorizations.ts';
import { bodyOf, DEVICES } from '../operations.ts';
import { graphqlRequest } from '../request.ts';
import { costOf, inTurn } from './cost.ts';
import type { Curve, Series } from './curve.ts';
import { startOne, type Stage } from './stage.ts';

const SIZES = [1, 3, 10, 30, 100, 300, 1_000, 5_000];
const BODIES = 2;
const CONTESTANTS = [
  ['ours', 'this service'],
  ['mercurius', 'mercurius with JIT'],
  ['apollo', 'plain Apollo'],
] as const;

/** Cached users, more and more of them in a request. */
export async function usersPerRequest(stage: Stage): Promise<Curve> {
  const series: Series[] = [];
  const beside: Series[] = [];
  const authorization = forwarded(0);
  for (const [id, name] of CONTESTANTS) {
    const server = await startOne(stage, id);
    const url = new URL(server.url);
    const perUser = new Map<number, number>();
    const latency = new Map<number, number>();
    for (const size of SIZES) {
      const bodies = Array.from({ length: BODIES }, (_, body) =>
        bodyOf(
          DEVICES,
          Array.from({ length: size }, (_user, index) => `user${body * size + index}`),
        ),
      );
      for (const body of [...bodies, ...bodies]) await ask(url, authorization, body);
      const requests = bodies.map((body) => graphqlRequest(url, authorization, body));
      const cost = await costOf(server, inTurn(requests));
      perUser.set(size, cost.cpuMicroseconds / size);
      latency.set(size, cost.p50);
    }
    await server.stop();
    series.push({ name, points: perUser });
    beside.push({ name: `${name}: p50 of a request, ms`, points: latency });
  }
  return {
    id: 'users-per-request',
    title: 'Users in a request',
    xLabel: 'users in a request, all cached',
    yLabel: 'CPU microseconds for each user',
    series,
    beside,
  };
}
