import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  execute,
  getNamedType,
  GraphQLScalarType,
  isObjectType,
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import type { Context } from './context.ts';
import { isPlain } from './plainDocument.ts';
import { projectionOf } from './projection.ts';

type Gateway = ApolloServerOptionsWithGateway<Context>['gateway'];
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

export interface ExecutableSchema {
  /** What documents are validated against. */
  readonly schema: GraphQLSchema;
  /** The same schema and resolvers again, but for devices: see `asValues`. */
  readonly withDevicesAsValues: GraphQLSchema;
}

/**
 * All is graphql-js' own work, but for devices in plain documents: they have no resolvers, and executing each property of
 * each takes longer than all the rest of an answer.
 */
export function createExecutor({ schema, withDevicesAsValues }: ExecutableSchema): Executor {
  const known = new WeakMap<DocumentNode, boolean>();
  const isKnownPlain = (document: DocumentNode) => {
    const isSo = known.get(document) ?? isPlain(document);
    known.set(document, isSo);
    return isSo;
  };

  return async ({ request, context, document, metrics }) =>
    execute({
      // A trace has each property of each device in it.
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

/** Lets each field of devices have a value in place of objects, which is made at once. Changes the schema. */
export function asValues(schema: GraphQLSchema): GraphQLSchema {
  const machine = schema.getType('Machine');
  if (!isObjectType(machine)) throw new Error('a schema without devices');
  const projections = new WeakMap<readonly FieldNode[], (value: unknown) => unknown>();

  const giveValue = (field: GraphQLField<unknown, Context>) => {
    const { resolve } = field;
    field.type = new GraphQLScalarType({ name: 'Machines' });
    field.resolve = async (user, args, context, info) => {
      const machines: unknown = await resolve?.(user, args, context, info);
      if (!Array.isArray(machines)) return machines;
      const { fieldNodes, fragments } = info;
      const projection =
        projections.get(fieldNodes) ?? projectionOf(machine, fieldNodes, fragments);
      projections.set(fieldNodes, projection);
      return machines.map((each) => projection(each));
    };
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const ofDevices = Object.values(type.getFields()).filter(
      (field) => getNamedType(field.type) === machine,
    );
    ofDevices.forEach(giveValue);
  }
  return schema;
}
