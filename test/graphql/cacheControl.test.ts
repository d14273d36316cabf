import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import fc from 'fast-check';
import { parse, type GraphQLResolveInfo } from 'graphql';
import { createCacheControl, tellingCacheControl } from '../../src/graphql/cacheControl.ts';

const typeDefs = parse(`
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean)
    on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }
  type Query { plain: Thing kept: Kept things(count: Int!): [Kept!]! word: String @cacheControl(maxAge: 90) bare: String }
  type Thing { name: String kept: Kept }
  type Kept @cacheControl(maxAge: 300, scope: PRIVATE) {
    name: String
    short: String @cacheControl(maxAge: 5)
    below: Below
    asked(seconds: Int!): Int
    later(seconds: Int!): [Below!]
    fails: Below
  }
  type Below @cacheControl(inheritMaxAge: true, scope: PRIVATE) { name: String below: Below plain: Thing }
`);

const restrict = (info: GraphQLResolveInfo, maxAge: number) =>
  (info as unknown as WithHint).cacheControl.cacheHint.restrict({ maxAge });
interface WithHint {
  readonly cacheControl: { readonly cacheHint: { restrict(hint: { maxAge: number }): void } };
}

const below = { name: 'b', below: { name: 'c', plain: { name: 'd' } }, plain: { name: 'e' } };
const kept = { name: 'k', short: 's', below };
const resolvers = {
  Query: {
    plain: () => ({ name: 'p', kept }),
    kept: async () => kept,
    things: (_: unknown, { count }: { count: number }) => Array.from({ length: count }, () => kept),
    word: () => 'w',
    bare: () => 'b',
  },
  Kept: {
    asked(_: unknown, { seconds }: { seconds: number }, __: unknown, info: GraphQLResolveInfo) {
      restrict(info, seconds);
      return seconds;
    },
    async later(
      _: unknown,
      { seconds }: { seconds: number },
      __: unknown,
      info: GraphQLResolveInfo,
    ) {
      await Promise.resolve();
      restrict(info, seconds);
      return [below, below];
    },
    fails: () => Promise.reject(new Error('no')),
  },
};

/** Selections of all three types, so deep. */
const selections = fc.letrec<Record<'ofKept' | 'ofBelow' | 'ofThing', string>>((tie) => {
  const seconds = fc.integer({ min: 0, max: 400 });
  const some = (...fields: fc.Arbitrary<string>[]) =>
    fc
      .array(fc.oneof({ depthSize: 'small' }, fc.constant('name'), ...fields), {
        minLength: 1,
        maxLength: 3,
      })
      .map((chosen) => `{ ${chosen.map((field, index) => `a${index}: ${field}`).join(' ')} }`);
  return {
    ofKept: some(
      fc.constantFrom('short', '__typename', 'fails { name }'),
      seconds.map((most) => `asked(seconds: ${most})`),
      tie('ofBelow').map((selection) => `below ${selection}`),
      fc.tuple(seconds, tie('ofBelow')).map(([most, inner]) => `later(seconds: ${most}) ${inner}`),
    ),
    ofBelow: some(
      tie('ofBelow').map((selection) => `below ${selection}`),
      tie('ofThing').map((selection) => `plain ${selection}`),
    ),
    ofThing: some(tie('ofKept').map((selection) => `kept ${selection}`)),
  };
});
const query = fc
  .array(
    fc.oneof(
      fc.constantFrom('word', 'bare', '__typename', '__type(name: "Kept") { name }'),
      selections.ofKept.map((selection) => `kept ${selection}`),
      selections.ofThing.map((selection) => `plain ${selection}`),
      fc
        .tuple(fc.nat(3), selections.ofKept)
        .map(([count, inner]) => `things(count: ${count}) ${inner}`),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((fields) => `{ ${fields.map((field, index) => `a${index}: ${field}`).join(' ')} }`);

describe('the cache-control header of few fields', () => {
  const schema = () => buildSubgraphSchema([{ typeDefs, resolvers }]);
  const options = { includeStacktraceInErrorResponses: false };
  const told = new ApolloServer({
    ...options,
    schema: tellingCacheControl(schema()),
    plugins: [createCacheControl(), ApolloServerPluginInlineTraceDisabled()],
  });
  const toldAll = new ApolloServer({
    ...options,
    schema: schema(),
    plugins: [ApolloServerPluginCacheControl(), ApolloServerPluginInlineTraceDisabled()],
  });
  beforeAll(() => Promise.all([told.start(), toldAll.start()]));
  afterAll(() => Promise.all([told.stop(), toldAll.stop()]));

  async function answered(server: ApolloServer, text: string) {
    const { http, body } = await server.executeOperation({ query: text });
    return { header: http.headers.get('cache-control'), body };
  }

  test('is what Apollo Server makes of all fields, and so is the answer', async () => {
    const headers = new Set<string | undefined>();
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        const mine = await answered(told, text);
        expect(mine).toEqual(await answered(toldAll, text));
        headers.add(mine.header);
      }),
      { numRuns: 200 },
    );
    // Else it would hold for nothing but answers that nobody may keep.
    expect(headers.size).toBeGreaterThan(5);
  });

  test.each([
    ['{ word }', 'max-age=90, public'],
    ['{ kept { name } }', 'max-age=300, private'],
    ['{ kept { name short } }', 'max-age=5, private'],
    ['{ kept { asked(seconds: 7) } }', 'max-age=7, private'],
    ['{ things(count: 2) { later(seconds: 8) { name } } }', 'max-age=8, private'],
    ['{ kept { fails { name } } }', 'no-store'],
    ['{ bare kept { name } }', 'no-store'],
    ['{ __typename }', 'no-store'],
  ])('for %s is %s', async (text, header) => {
    expect((await answered(told, text)).header).toBe(header);
  });
});
