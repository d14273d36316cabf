import { fastify } from 'fastify';
import mercurius from 'mercurius';
import { announce } from '../entities/child.ts';
import { loadedAndCached } from './lookup.ts';
import { createSubgraphSchema } from './subgraph.ts';

const contextOf = loadedAndCached();
const http = fastify({ bodyLimit: 4 * 1_048_576 });
await http.register(mercurius, {
  schema: createSubgraphSchema(),
  // Compiles an operation when it comes for the second time.
  jit: 1,
  context: ({ headers }) => ({ ...contextOf(headers.authorization) }),
});
announce(`${await http.listen({ host: '127.0.0.1', port: 0 })}/graphql`);
