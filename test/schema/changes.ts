import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  findBreakingChanges,
  findDangerousChanges,
  Kind,
  parse,
  visit,
  type DocumentNode,
} from 'graphql';

/** What a change of the schema does to those who ask it. */
export interface Changes {
  /** What fails for who asks as before, or for the supergraph that composes it. */
  readonly breaking: readonly string[];
  /** What can surprise: a new value of an enum, another default. */
  readonly dangerous: readonly string[];
}

/** Compares two versions of this subgraph's SDL. */
export function changesBetween(released: string, current: string): Changes {
  const [before, after] = [parse(released), parse(current)];
  const schemas = [
    buildSubgraphSchema({ typeDefs: before }),
    buildSubgraphSchema({ typeDefs: after }),
  ] as const;
  const keys = new Set(keysOf(after));
  const lost = keysOf(before).filter((key) => !keys.has(key));
  return {
    breaking: [
      ...findBreakingChanges(...schemas).map(({ description }) => description),
      ...lost.map((key) => `${key} was removed: no supergraph can enter by it.`),
    ],
    dangerous: findDangerousChanges(...schemas).map(({ description }) => description),
  };
}

/** The keys by which a supergraph enters, such as `User @key(fields: "id")`. To graphql-js they are no part of a schema. */
function keysOf(document: DocumentNode): string[] {
  const keys: string[] = [];
  visit(document, {
    [Kind.OBJECT_TYPE_DEFINITION]({ name, directives = [] }) {
      for (const directive of directives.filter(({ name: { value } }) => value === 'key')) {
        const given = directive.arguments?.map(({ name: argument, value }) =>
          'value' in value ? `${argument.value}: ${JSON.stringify(value.value)}` : '',
        );
        keys.push(`${name.value} @key(${given?.join(', ')})`);
      }
    },
  });
  return keys;
}
