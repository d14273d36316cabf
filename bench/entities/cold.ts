import { shuffled } from '../measure.ts';
import { Connection } from './connection.ts';
import type { Contestant } from './entrants.ts';
import { bodyOf, DEVICES } from './operations.ts';
import type { Started } from './processes.ts';
import { graphqlRequest, restRequest } from './request.ts';
import { quantile } from './statistics.ts';

export interface ColdShowing {
  /** Milliseconds over one REST round trip, by round: the median of a round's requests. */
  readonly added: readonly number[];
  /** Milliseconds, of all requests. */
  readonly latency: { readonly p50: number; readonly p99: number };
  /** REST calls for each request of 100 users. */
  readonly calls: number;
}

const USERS = 100;
export const UPSTREAM_MILLISECONDS = 20;
const REQUESTS_A_TURN = 5;
/** The first one of a turn opens connections to the upstream, and is not counted. */
const UNCOUNTED = 1;
/** For the compilers, since hardly anybody has made many calls until now. */
const ROUNDS_BEFORE = 4;

/** Users whom nobody was asked for before, and an upstream that takes its time: one request after the other. */
export async function cold(
  contestants: readonly Contestant[],
  upstream: Started,
  count: number,
): Promise<ReadonlyMap<string, ColdShowing>> {
  const entered = contestants.map((contestant) => ({
    contestant,
    ...{ added: [] as number[], all: [] as number[], calls: 0, requests: 0 },
  }));
  await upstream.ask({ delay: UPSTREAM_MILLISECONDS });
  await upstream.ask('takeCalls');
  for (let round = 0; round < ROUNDS_BEFORE + count; round += 1) {
    for (const entry of shuffled(entered)) {
      const roundTrip = await medianOf(new URL('/', upstream.url), (url) =>
        restRequest(new URL('/api/users/user0/machines', url), 'Bearer anybody'),
      );
      await upstream.ask('takeCalls');
      const { url, authorization } = entry.contestant;
      const latencies = await timesOf(url, (_url, index) =>
        graphqlRequest(url, authorization, bodyOf(DEVICES, unseen(round, index))),
      );
      const { calls } = (await upstream.ask('takeCalls')) as { readonly calls: number };
      if (round < ROUNDS_BEFORE) continue;
      const counted = latencies.slice(UNCOUNTED);
      entry.added.push(quantile(counted, 0.5) - roundTrip);
      entry.all.push(...counted);
      entry.calls += calls;
      entry.requests += latencies.length;
    }
  }
  await upstream.ask({ delay: 0 });
  return new Map(
    entered.map(({ contestant, added, all, calls, requests }) => {
      const latency = { p50: quantile(all, 0.5), p99: quantile(all, 0.99) };
      return [contestant.id, { added, latency, calls: calls / requests }];
    }),
  );
}

/** The same names for everybody, each named once. */
function unseen(round: number, index: number): string[] {
  return Array.from({ length: USERS }, (_, user) => `cold${round}-${index}-${user}@contoso.com`);
}

async function medianOf(url: URL, request: (url: URL, index: number) => Buffer): Promise<number> {
  return quantile((await timesOf(url, request)).slice(UNCOUNTED), 0.5);
}

/** Milliseconds of each request of a turn. */
async function timesOf(url: URL, request: (url: URL, index: number) => Buffer): Promise<number[]> {
  const connection = await Connection.open(url);
  const times: number[] = [];
  try {
    for (let index = 0; index < REQUESTS_A_TURN; index += 1) {
      const prepared = request(url, index);
      const sent = performance.now();
      await connection.ask(prepared);
      times.push(performance.now() - sent);
    }
  } finally {
    connection.close();
  }
  return times;
}
