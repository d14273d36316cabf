import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import type { UserKey } from '../config.ts';
import { tellingCacheControl } from './cacheControl.ts';
import { asValues, type ExecutableSchema } from './execution.ts';
import { createResolvers } from './resolvers.ts';

/** The schema files lie at the top of the project, from where supergraph teams take them. */
const SCHEMA = new URL('../../schema/', import.meta.url);

export function createSchema(userKey: UserKey): ExecutableSchema {
  const files = ['machines.graphql', `user/${userKey}.graphql`];
  const typeDefs = parse(
    files.map((file) => readFileSync(new URL(file, SCHEMA), 'utf8')).join('\n'),
  );
  const build = () => buildSubgraphSchema([{ typeDefs, resolvers: createResolvers(userKey) }]);
  return {
    schema: tellingCacheControl(build()),
    withDevicesAsValues: tellingCacheControl(asValues(build())),
  };
}
