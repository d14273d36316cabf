import { execute, type GraphQLSchema } from 'graphql';
import type { Asked } from '../../src/graphql/execution.ts';

/** What graphql-js alone makes of what is asked: what all answers are held against. */
export const byGraphqlJs = (schema: GraphQLSchema, { request, document, contextValue }: Asked) =>
  execute({
    ...{ schema, document, contextValue },
    ...{ variableValues: request.variables, operationName: request.operationName },
  });
