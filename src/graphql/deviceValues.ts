import {
  getNamedType,
  GraphQLScalarType,
  isListType,
  isObjectType,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { Machine } from '../machines/machine.ts';
import { projectionOf } from './projection.ts';

/** What a field of devices gives to graphql-js for the devices that were asked for. */
export type ShowDevices = (
  machines: readonly Machine[],
  projections: Projections,
  info: GraphQLResolveInfo,
) => readonly Machine[];

/** What was worked out in one request, by the list of nodes that graphql-js has for a field of all its users. */
export type Projections = Map<readonly FieldNode[], (value: unknown) => unknown>;

/** For graphql-js to execute what is selected of each. */
export const asObjects: ShowDevices = (machines) => machines;

/** As they are to be in the answer. For a schema that was changed by `takeDevicesAsValues`, which types don't tell. */
export const asValues: ShowDevices = (machines, projections, { schema, fieldNodes, fragments }) => {
  let projection = projections.get(fieldNodes);
  if (!projection) {
    projection = projectionOf(machineIn(schema), fieldNodes, fragments);
    projections.set(fieldNodes, projection);
  }
  return machines.map(projection) as readonly Machine[];
};

/** Lets each field of devices have one value in place of objects, which graphql-js leaves as it is. Changes the schema. */
export function takeDevicesAsValues(schema: GraphQLSchema): GraphQLSchema {
  const machine = machineIn(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (getNamedType(field.type) !== machine) continue;
      if (!isListType(field.type)) throw new Error(`${field.name} is no list that may be null`);
      field.type = new GraphQLScalarType({ name: 'Machines' });
    }
  }
  return schema;
}

function machineIn(schema: GraphQLSchema): GraphQLObjectType {
  const machine = schema.getType('Machine');
  if (!isObjectType(machine)) throw new Error('a schema without devices');
  return machine;
}
