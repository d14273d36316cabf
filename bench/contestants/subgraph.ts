import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLScalarType, parse } from 'graphql';
import { filtered, type MachineFilter } from '../../src/machines/filter.ts';
import { ordered, type MachineOrder } from '../../src/machines/order.ts';
import type { Context } from './lookup.ts';

interface MachinesArguments {
  readonly filter?: MachineFilter | null;
  readonly orderBy?: MachineOrder | null;
  readonly first?: number | null;
  readonly offset?: number | null;
}

const FILES = ['schema/machines.graphql', 'schema/user/id.graphql'];

/** The project's own schema files, with the resolvers that `_entities` needs. */
export function createSubgraphSchema() {
  const texts = FILES.map((file) => readFileSync(path.resolve(file), 'utf8'));
  const resolvers = {
    DateTime: new GraphQLScalarType<string, string>({ name: 'DateTime', serialize: String }),
    User: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      machines: async (
        { id }: { id: string },
        { filter, orderBy, first, offset }: MachinesArguments,
        context: Context,
      ) => {
        const machines = ordered(filtered(await context.machinesOf(id), filter), orderBy);
        const skip = offset ?? 0;
        return machines.slice(skip, skip + (first ?? Infinity));
      },
    },
  };
  return buildSubgraphSchema([{ typeDefs: parse(texts.join('\n')), resolvers }]);
}
