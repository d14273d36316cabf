import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import type { UserKey } from '../config.ts';
import { tellingCacheControl } from './cacheControl.ts';
import { asObjects, asValues, takeDevicesAsValues, type ShowDevices } from './deviceValues.ts';
import type { ExecutableSchema } from './execution.ts';
import { createResolvers } from './resolvers.ts';

/** The schema files lie at the top of the project, from where supergraph teams take them. */
const SCHEMA = new URL('../../schema/', import.meta.url);

export function createSchema(userKey: UserKey): ExecutableSchema {
  const files = ['machines.graphql', `user/${userKey}.graphql`];
  const typeDefs = parse(
    files.map((file) => readFileSync(new URL(file, SCHEMA), 'utf8')).join('\n'),
  );
  const build = (show: ShowDevices) =>
    buildSubgraphSchema([{ typeDefs, resolvers: createResolvers(userKey, show) }]);
  return {
    schema: tellingCacheControl(build(asObjects)),
    withDevicesAsValues: tellingCacheControl(takeDevicesAsValues(build(asValues))),
  };
}
