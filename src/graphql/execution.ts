import {
  HeaderMap,
  type ApolloServerPlugin,
  type GraphQLRequestContextResponseForOperation,
} from '@apollo/server';
import {
  execute,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Context } from './context.ts';
import { isPlain } from './plainDocument.ts';

export interface ExecutableSchema {
  /** What documents are validated against, and executed by where they are not plain. */
  readonly schema: GraphQLSchema;
  /** The same schema and resolvers again, but for devices: see `takeDevicesAsValues`. */
  readonly withDevicesAsValues: GraphQLSchema;
}

/**
 * Of what is wrong with variables, the first fault is told. graphql-js writes the whole value that it is in into each
 * message, and would tell fifty: a value of megabytes, for which nobody needs a token, would take half a minute.
 */
export const EXECUTION_OPTIONS = { maxCoercionErrors: 1 };

/** What Apollo Server knows of a request that is to be executed. */
type Asked = Pick<
  GraphQLRequestContextResponseForOperation<Context>,
  'request' | 'document' | 'contextValue' | 'metrics'
>;

/** Undefined for a document that Apollo Server is to execute. */
type ExecutePlain = (asked: Asked) => Promise<ExecutionResult> | undefined;

/**
 * Executes plain documents. All is graphql-js' own work, but for devices: they have no resolvers, and executing each property
 * of each takes longer than all the rest of an answer.
 */
export function createExecutePlain({
  schema,
  withDevicesAsValues,
}: ExecutableSchema): ExecutePlain {
  const known = new WeakMap<DocumentNode, boolean>();
  const isKnownPlain = (document: DocumentNode) => {
    let isSo = known.get(document);
    if (isSo === undefined) known.set(document, (isSo = isPlain(schema, document)));
    return isSo;
  };

  return ({ request, contextValue, document, metrics }) => {
    // A trace has each property of each device in it, and Apollo Server lets plugins see the fields of its own schema alone.
    if (metrics.captureTraces || !isKnownPlain(document)) return undefined;
    return Promise.resolve(
      execute({
        ...{ schema: withDevicesAsValues, document, contextValue },
        ...{ variableValues: request.variables, operationName: request.operationName },
        options: EXECUTION_OPTIONS,
      }),
    );
  };
}

/**
 * Answers in place of Apollo Server's own execution. Not as its `gateway`, which may execute as well: that is handed an
 * object with a getter, which V8 makes old at once, so that all of each request would live until the old are collected.
 * Apollo Server tells no plugin of such an execution, its fields or its errors: whoever is to hear of it hooks into
 * `responseForOperation`, and comes before this one in the list of plugins.
 */
export function createExecution(
  schemas: ExecutableSchema,
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): ApolloServerPlugin<Context> {
  const executePlain = createExecutePlain(schemas);
  return {
    async requestDidStart() {
      return {
        async responseForOperation(asked) {
          const result = await executePlain(asked);
          // Nothing was executed where variables are not what they should be: Apollo Server says so, with its own status.
          if (result?.data === undefined) return null;
          const errors = result.errors?.map((error) => formatError(error.toJSON(), error));
          return {
            http: { headers: new HeaderMap() },
            body: {
              kind: 'single',
              singleResult: { data: result.data, ...(errors && { errors }) },
            },
          };
        },
      };
    },
  };
}
