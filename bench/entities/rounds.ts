import { shuffled } from '../measure.ts';
import type { Contestant } from './entrants.ts';
import { load } from './load.ts';
import { NUMBER } from './operations.ts';
import { graphqlRequest } from './request.ts';
import type { Scenario } from './scenarios.ts';
import { quantile, spreadOf, type Spread } from './statistics.ts';

export interface Pace {
  readonly rounds: number;
  readonly turnMilliseconds: number;
  /** Before the first round, for the compilers of V8 and of contestants. */
  readonly warmUpMilliseconds: number;
}

/** What came of one contestant in one scenario. */
export interface Showing {
  /** Requests a second, by round. */
  readonly rates: readonly number[];
  readonly latency: { readonly p50: number; readonly p99: number };
  /** Milliseconds of the process's CPU time. */
  readonly cpuPerRequest: Spread;
  /** Of the process, afterwards. */
  readonly residentBytes: number;
}

/** As a router in front would hold. */
const CONNECTIONS = 16;

/** Everybody has a turn in each round, in another order each time. */
export async function rounds(
  scenario: Scenario,
  contestants: readonly Contestant[],
  { rounds: count, turnMilliseconds, warmUpMilliseconds }: Pace,
): Promise<ReadonlyMap<string, Showing>> {
  const entered = contestants.map((contestant) => ({
    contestant,
    next: requestsOf(scenario, contestant),
    ...{ rates: [] as number[], latencies: [] as number[], cpu: [] as number[] },
    residentBytes: 0,
  }));
  for (const { contestant, next } of entered) {
    const warmUp = { connections: CONNECTIONS, milliseconds: warmUpMilliseconds };
    await load(contestant.url, next, warmUp);
  }
  for (let round = 0; round < count; round += 1) {
    for (const entry of shuffled(entered)) {
      const { url, process } = entry.contestant;
      const before = await process.usage();
      const turn = await load(url, entry.next, {
        connections: CONNECTIONS,
        milliseconds: turnMilliseconds,
      });
      const after = await process.usage();
      entry.rates.push(turn.requests / turn.seconds);
      entry.cpu.push((after.cpuMicroseconds - before.cpuMicroseconds) / 1_000 / turn.requests);
      for (const latency of turn.latencies) entry.latencies.push(latency);
      entry.residentBytes = after.residentBytes;
    }
  }
  return new Map(
    entered.map(({ contestant, rates, latencies, cpu, residentBytes }) => {
      const latency = { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
      return [contestant.id, { rates, latency, cpuPerRequest: spreadOf(cpu), residentBytes }];
    }),
  );
}

/** Over all scenarios, whose users differ and whose document does not: no number comes twice. */
let documents = 0;

/** The scenario's requests in turn, for ever. */
export function requestsOf(
  { bodies, isFresh }: Scenario,
  { url, authorization }: Contestant,
): () => Buffer {
  const requests = bodies.map((body) => graphqlRequest(url, authorization, body));
  let sent = 0;
  return () => {
    const request = requests[sent % requests.length] ?? Buffer.alloc(0);
    sent += 1;
    return isFresh ? numbered(request, (documents += 1)) : request;
  };
}

/** A copy, since the one before may not have been written yet. */
function numbered(request: Buffer, number: number): Buffer {
  const copy = Buffer.from(request);
  copy.write(String(number).padStart(NUMBER.length, '0'), request.indexOf(NUMBER), 'latin1');
  return copy;
}
