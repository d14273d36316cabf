import { afterEach } from '@jest/globals';
import { machineOf } from '../machines/anyMachine.ts';
import { openRendered, representations, type RenderedRoad } from './setting.ts';

export const QUERY = `query ($representations: [_Any!]!, $first: Int) {
  _entities(representations: $representations) {
    ... on User { id machines(first: $first) { id rbacGroupName } machineCount }
  }
}`;

const roads: RenderedRoad[] = [];

/** Ends with the test. */
export async function open(settings: Partial<Parameters<typeof openRendered>[0]> = {}) {
  const upstream = (token: string, userName: string) =>
    ['1', '2'].map((id) => machineOf({ id: `${userName}-${id}`, rbacGroupName: token }));
  const road = await openRendered({ upstream, ...settings });
  roads.push(road);
  return road;
}

afterEach(async () => {
  await Promise.all(roads.splice(0).map((road) => road.close()));
});

export const ask = (
  road: RenderedRoad,
  ids: readonly unknown[],
  headers?: Record<string, string>,
) => road.post({ query: QUERY, variables: { representations: representations(...ids) } }, headers);

/** Asks until the answer is rendered: once to learn the question, once to learn the answer. */
export async function learn(
  road: RenderedRoad,
  ids: readonly unknown[],
  headers?: Record<string, string>,
) {
  await ask(road, ids, headers);
  await ask(road, ids, headers);
}

/** Whether the ordinary road had to answer. */
export async function isExecuted(
  road: RenderedRoad,
  asked: () => Promise<unknown>,
): Promise<boolean> {
  const before = road.executed();
  await asked();
  return road.executed() > before;
}
