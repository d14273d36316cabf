import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import type { Config } from '../config.ts';
import { createCacheControl } from '../graphql/cacheControl.ts';
import type { AnswerText } from '../graphql/answerText.ts';
import type { Context } from '../graphql/context.ts';
import { createDocuments } from '../graphql/documents.ts';
import { createExecution, EXECUTION_OPTIONS } from '../graphql/execution.ts';
import { createFormatError } from '../graphql/formatError.ts';
import { createRecording } from '../graphql/recording.ts';
import { createSchema } from '../graphql/schema.ts';
import type { Log } from '../telemetry/log.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { graphiql } from './graphiql.ts';
import { examplesFor } from './graphiql/examples.ts';

/** `first` of all plugins is told of a request. */
export function createApolloServer(
  { isProduction, userKey, maxDocumentTokens }: Config,
  first: ApolloServerPlugin<Context>,
  log: Log,
  tracing: Tracing | undefined,
  answerText: AnswerText,
): ApolloServer<Context> {
  const documents = createDocuments(maxDocumentTokens);
  const schemas = createSchema(userKey);
  const formatError = createFormatError(log, isProduction);
  return new ApolloServer<Context>({
    schema: schemas.schema,
    executionOptions: EXECUTION_OPTIONS,
    introspection: !isProduction,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    parseOptions: { maxTokens: maxDocumentTokens },
    // With its fragments written out, a document may be no longer than without: a few fragments that each spread the next
    // one twice come to more than anybody could walk to the end of.
    maxRecursiveSelections: maxDocumentTokens,
    documentStore: documents.store,
    logger: log,
    stopOnTerminationSignals: false,
    formatError,
    stringifyResult: answerText.stringify,
    plugins: [
      first,
      documents.plugin,
      createCacheControl(),
      createRecording(tracing),
      ApolloServerPluginInlineTrace(),
      isProduction ? ApolloServerPluginLandingPageDisabled() : graphiql(examplesFor(userKey)),
      createExecution(schemas, formatError),
    ],
  });
}
