import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openRoad, type Road } from '../road.ts';

let road: Road;
beforeAll(async () => {
  road = await openRoad();
});
afterAll(() => road.close());

const QUERY = `query ($representations: [_Any!]!, $filter: MachineFilter) {
  _entities(representations: $representations) { ... on User { machines(filter: $filter) { id } } }
}`;

test.each<[string, object]>([
  ['is not there', {}],
  ['is null', { representations: null }],
  ['is of another type', { representations: [], filter: 5 }],
])('a request with a variable that %s is refused as a whole, with 400', async (_, variables) => {
  const { status, data, errors } = await road.ask({ query: QUERY, variables, as: 'alice' });
  expect(status).toBe(400);
  expect(data).toBeUndefined();
  expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })]);
});
