import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { execute, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Context } from './context.ts';
import { isPlain } from './plainDocument.ts';

type Gateway = ApolloServerOptionsWithGateway<Context>['gateway'];
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

export interface ExecutableSchema {
  /** What documents are validated against, and executed by where they are not plain. */
  readonly schema: GraphQLSchema;
  /** The same schema and resolvers again, but for devices: see `takeDevicesAsValues`. */
  readonly withDevicesAsValues: GraphQLSchema;
}

/**
 * All is graphql-js' own work, but for devices in plain documents: they have no resolvers, and executing each property of
 * each takes longer than all the rest of an answer.
 */
export function createExecutor({ schema, withDevicesAsValues }: ExecutableSchema): Executor {
  const known = new WeakMap<DocumentNode, boolean>();
  const isKnownPlain = (document: DocumentNode) => {
    let isSo = known.get(document);
    if (isSo === undefined) known.set(document, (isSo = isPlain(schema, document)));
    return isSo;
  };

  return async ({ request, context, document, metrics }) =>
    execute({
      // A trace has each property of each device in it, and Apollo Server lets plugins see the fields of this schema alone.
      schema: !metrics.captureTraces && isKnownPlain(document) ? withDevicesAsValues : schema,
      document,
      contextValue: context,
      variableValues: request.variables,
      operationName: request.operationName,
    });
}

/** The place where Apollo Server lets somebody else execute: a gateway, which has a schema that can change and here does not. */
export function gatewayOf(schema: GraphQLSchema, executor: Executor): Gateway {
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({ executor }),
    async stop() {},
  };
}
