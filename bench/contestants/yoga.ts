import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { announce, listen } from '../entities/child.ts';
import { loadedAndCached } from './lookup.ts';
import { createSubgraphSchema } from './subgraph.ts';

const contextOf = loadedAndCached();
const yoga = createYoga({
  schema: createSubgraphSchema(),
  graphiql: false,
  logging: false,
  context: ({ request }) => contextOf(request.headers.get('authorization') ?? undefined),
});
announce(await listen(createServer(yoga)));
