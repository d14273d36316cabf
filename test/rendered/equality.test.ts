import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/errors.ts';
import type { Machine } from '../../src/machines/machine.ts';
import { anyMachine } from '../machines/anyMachine.ts';
import { anyDocument, anyVariables } from './anyQuestion.ts';
import { openRendered, type RenderedRoad } from './setting.ts';

const USERS = ['user1', 'user2', 'user3'];
/** Most are written as routers write them. */
const spelling = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...USERS) },
  { weight: 5, arbitrary: fc.constantFrom('USER1@contoso.com', 'CONTOSO\\user2', 'unknown') },
  { weight: 1, arbitrary: fc.constant('..') },
);

type Step =
  | {
      readonly do: 'ask';
      readonly token: string;
      readonly document: number;
      readonly ids: readonly string[];
    }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'change'; readonly user: string; readonly machines: readonly Machine[] }
  | {
      readonly do: 'break';
      readonly user: string;
      readonly code: 'FORBIDDEN' | 'UPSTREAM_TIMEOUT';
    };

const user = fc.constantFrom(...USERS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 120,
    arbitrary: fc.record({
      do: fc.constant('ask'),
      token: fc.constantFrom('alice', 'alice', 'alice', 'bob'),
      document: fc.nat(1),
      ids: fc.array(spelling, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait'),
      seconds: fc.constantFrom(1, 59, 200, 300, 4_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('change'),
      user,
      machines: fc.array(anyMachine, { maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('break'),
      user,
      code: fc.constantFrom('FORBIDDEN', 'UPSTREAM_TIMEOUT'),
    }),
  },
);

describe('what is joined from renderings', () => {
  test('is what graphql-js answers, for any question, in any state of the cache', async () => {
    const known = new Map<string, readonly Machine[] | Failure>();
    let compared = 0;
    const road = await openRendered({
      upstream: (token, userName) => {
        const said = known.get(userName) ?? null;
        if (said instanceof Failure) {
          known.delete(userName);
          throw said;
        }
        return said && said.slice(token === 'bob' ? 1 : 0);
      },
    });
    const story = fc.record({
      documents: fc.array(anyDocument, { minLength: 2, maxLength: 2 }),
      variables: fc.array(anyVariables, { minLength: 2, maxLength: 2 }),
      machines: fc.array(fc.array(anyMachine, { maxLength: 3 }), { minLength: 3, maxLength: 3 }),
      steps: fc.array(step, { minLength: 200, maxLength: 200 }),
    });

    const tell = async ({ documents, variables, machines, steps }: StoryOf<typeof story>) => {
      road.clock.advance(10_000_000);
      USERS.forEach((name, index) => known.set(name, machines[index] ?? []));
      for (const each of steps) {
        if (each.do === 'wait') road.clock.advance(each.seconds * 1_000);
        else if (each.do === 'change') known.set(each.user, each.machines);
        else if (each.do === 'break') known.set(each.user, new Failure(each.code, 'No.'));
        else {
          const document = documents[each.document];
          if (!document) continue;
          const { lists, ...body } = document;
          const representations = Array.from({ length: lists }, (_, n) => [
            `r${n}`,
            each.ids.slice(n).map((id) => ({ __typename: 'User', id })),
          ]);
          const all = { ...variables[each.document], ...Object.fromEntries(representations) };
          if (await isEqual(road, { ...body, variables: all }, each.token)) compared += 1;
        }
      }
    };
    try {
      await fc.assert(fc.asyncProperty(story, tell), { numRuns: 150 });
    } finally {
      await road.close();
    }
    expect(compared).toBeGreaterThan(10_000);
  }, 300_000);
});

type StoryOf<T> = T extends fc.Arbitrary<infer Story> ? Story : never;

/** Asks twice where the answer was joined: the second time in a way that only the ordinary road takes. */
async function isEqual(road: RenderedRoad, body: object, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  const [executed, calls] = [road.executed(), road.calls.length];
  const { text: _, ...joined } = await road.post(body, headers);
  // What is renewed behind the back of the first may be news to the second.
  if (road.executed() > executed || road.calls.length > calls) return false;
  const { text: __, ...whole } = await road.post({ ...body, extensions: { whole: true } }, headers);
  expect(joined).toEqual(whole);
  return true;
}
