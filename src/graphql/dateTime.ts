import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { isDateTime } from '../machines/instant.ts';

/** Text in and text out: the scalars of libraries go through a Date, which loses Defender's last digits. */
export const dateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  serialize: String,
  parseValue: read,
  parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
});

function read(value: unknown): string {
  if (typeof value === 'string' && isDateTime(value)) return value;
  throw new GraphQLError('DateTime takes RFC 3339 text such as "2025-01-02T03:04:05Z".');
}
