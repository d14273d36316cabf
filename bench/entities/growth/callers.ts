import { forwarded } from '../authorizations.ts';
import { Connection } from '../connection.ts';
import { bodyOf, DEVICES } from '../operations.ts';
import { graphqlRequest } from '../request.ts';
import type { Started } from '../processes.ts';
import { costOf, inTurn } from './cost.ts';
import type { Curve } from './curve.ts';
import { startOne, type Stage } from './stage.ts';

const SIZES = [1, 10, 100, 1_000, 10_000];
const MOST = 10_000;
const BODY = bodyOf(DEVICES, ['user1']);

/** One user, of whom each caller has what that caller may see. */
export async function callers(stage: Stage): Promise<Curve> {
  const forward = Array.from({ length: MOST }, (_, index) => forwarded(index));
  const signed = await stage.authority.tokens(MOST);
  const onBehalfOf = signed.map((token) => `Bearer ${token}`);
  return {
    id: 'callers',
    title: 'Callers',
    xLabel: 'callers who take turns, each with a cached user of their own',
    yLabel: 'CPU microseconds for each request of one user',
    series: [
      { name: 'this service, forward', points: await grow(await startOne(stage, 'ours'), forward) },
      {
        name: 'this service, on behalf of',
        points: await grow(await startOne(stage, 'ours-obo'), onBehalfOf),
      },
      { name: 'plain Apollo', points: await grow(await startOne(stage, 'apollo'), forward) },
    ],
  };
}

async function grow(server: Started, tokens: readonly string[]): Promise<Map<number, number>> {
  const url = new URL(server.url);
  const requests = tokens.map((token) => graphqlRequest(url, token, BODY));
  const costs = new Map<number, number>();
  const connection = await Connection.open(url);
  let known = 0;
  for (const size of SIZES) {
    // Twice, as what is remembered of an answer may come with the second one.
    for (const request of requests.slice(known, size)) {
      await connection.ask(request);
      await connection.ask(request);
    }
    known = size;
    const { cpuMicroseconds } = await costOf(server, inTurn(requests.slice(0, size)));
    costs.set(size, cpuMicroseconds);
  }
  connection.close();
  await server.stop();
  return costs;
}
