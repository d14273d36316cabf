import type { ApolloServerPlugin } from '@apollo/server';
import type { Tracing } from '../telemetry/tracing.ts';
import type { Context } from './context.ts';

/** Writes down what was asked and what went wrong, and traces it. No field is instrumented for it. */
export function createRecording(tracing: Tracing | undefined): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ contextValue: { record } }) {
      const span = tracing?.start('GraphQL operation', { parent: record.span });
      if (span) record.span = span;
      return {
        async didResolveOperation({ operationName, operation }) {
          record.operation = operationName ?? undefined;
          span?.set({
            'graphql.operation.type': operation?.operation ?? '',
            'graphql.operation.name': record.operation ?? '',
          });
        },
        async willSendResponse({ response: { body } }) {
          const { errors = [] } = body.kind === 'single' ? body.singleResult : body.initialResult;
          for (const { extensions } of errors) record.error(String(extensions?.['code']));
          span?.set({ 'user_machines.errors': errors.length });
          span?.end();
        },
      };
    },
  };
}
