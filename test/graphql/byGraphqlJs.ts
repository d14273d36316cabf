import { execute, type GraphQLSchema } from 'graphql';
import type { createExecutor } from '../../src/graphql/execution.ts';

type Asked = Parameters<ReturnType<typeof createExecutor>>[0];

/** What graphql-js alone makes of what an executor is asked: what all answers are held against. */
export const byGraphqlJs = (schema: GraphQLSchema, { request, document, context }: Asked) =>
  execute({
    ...{ schema, document, contextValue: context },
    ...{ variableValues: request.variables, operationName: request.operationName },
  });
