import { hasRedisServer, startRedisServer } from '../../../test/redis/server.ts';
import { forwarded } from '../authorizations.ts';
import { Connection } from '../connection.ts';
import { bodyOf, DEVICES } from '../operations.ts';
import type { Started } from '../processes.ts';
import { graphqlRequest } from '../request.ts';
import { quantile } from '../statistics.ts';
import type { Curve } from './curve.ts';
import { callsTaken, startOne, type Stage } from './stage.ts';

const SIZES = [1, 2, 3];
const USERS = 100;
const TRIES = 20;
/** For the compilers. */
const UNCOUNTED = 5;
const UPSTREAM_MILLISECONDS = 20;
const AUTHORIZATION = forwarded(0);

interface Times {
  readonly cold: number[];
  readonly elsewhere: number[];
  readonly again: number[];
  calls: number;
}

/** 100 users, asked for at one replica after the other. Undefined where this machine has no redis-server. */
export async function replicas(stage: Stage): Promise<Curve | undefined> {
  if (!hasRedisServer()) return undefined;
  const points = { cold: new Map(), elsewhere: new Map(), again: new Map(), calls: new Map() };
  await stage.upstream.ask({ delay: UPSTREAM_MILLISECONDS });
  for (const size of SIZES) {
    const { cold, elsewhere, again, calls } = await timesOf(stage, size);
    points.cold.set(size, quantile(cold, 0.5));
    if (elsewhere.length > 0) points.elsewhere.set(size, quantile(elsewhere, 0.5));
    points.again.set(size, quantile(again, 0.5));
    points.calls.set(size, calls / (TRIES + UNCOUNTED));
  }
  await stage.upstream.ask({ delay: 0 });
  return {
    id: 'replicas',
    title: 'Replicas that share a Redis',
    xLabel: 'replicas',
    yLabel: 'milliseconds for a request of 100 users',
    series: [
      { name: 'asked for the first time', points: points.cold },
      { name: 'known to another replica', points: points.elsewhere },
      { name: 'known to this replica', points: points.again },
    ],
    beside: [{ name: 'REST calls for 100 users', points: points.calls }],
  };
}

async function timesOf(stage: Stage, size: number): Promise<Times> {
  const redis = await startRedisServer();
  const env = {
    REDIS_URL: redis.url,
    SHARED_CACHE_SECRET: 'a secret of the benchmark; long enough',
    DEFENDER_REPLICAS: String(size),
  };
  const servers = await Promise.all(
    SIZES.slice(0, size).map(() => startOne(stage, 'ours', { env })),
  );
  const times: Times = { cold: [], elsewhere: [], again: [], calls: 0 };
  await callsTaken(stage.upstream);
  for (let index = 0; index < TRIES + UNCOUNTED; index += 1) {
    const names = Array.from({ length: USERS }, (_, user) => `r${size}-${index}-${user}`);
    const body = bodyOf(DEVICES, names);
    // Each is the first one now and then.
    const order = servers.map((_, place) => servers[(index + place) % size]);
    const took: number[] = [];
    for (const server of order) if (server) took.push(await timeOf(server, body));
    const again = order[0] ? await timeOf(order[0], body) : NaN;
    if (index < UNCOUNTED) continue;
    times.cold.push(took[0] ?? NaN);
    times.elsewhere.push(...took.slice(1));
    times.again.push(again);
  }
  times.calls = await callsTaken(stage.upstream);
  await Promise.all(servers.map((server) => server.stop()));
  await redis.stop();
  return times;
}

async function timeOf(server: Started, body: string): Promise<number> {
  const url = new URL(server.url);
  const connection = await Connection.open(url);
  const sent = performance.now();
  await connection.ask(graphqlRequest(url, AUTHORIZATION, body));
  const took = performance.now() - sent;
  connection.close();
  return took;
}
