import {
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** Makes of a property's value, or of an object, what stands for it in an answer. */
type Complete = (value: unknown) => unknown;

/**
 * What is asked of objects that have nothing but properties, worked out once for all of them: graphql-js works out each
 * property of each object anew, which for devices is most of the time of an answer. Only for a plain document
 * (`isPlain`), whose selections are all there for certain.
 */
export function projectionOf(
  type: GraphQLObjectType,
  fieldNodes: readonly FieldNode[],
  fragments: Fragments,
): Complete {
  const fields = type.getFields();
  const steps = [...collected(fieldNodes, fragments)].map(([responseKey, nodes]) => {
    const property = nodes[0].name.value;
    const field = fields[property];
    if (!field && property !== '__typename') throw new Error(`${type.name} has no ${property}`);
    const complete = field && completing(field.type, nodes, fragments);
    return { responseKey, property, complete };
  });

  return (source) => {
    const values = source as Readonly<Record<string, unknown>>;
    const result: Record<string, unknown> = {};
    for (const { responseKey, property, complete } of steps) {
      // Without a field, it is __typename.
      result[responseKey] = complete ? complete(values[property]) : type.name;
    }
    return result;
  };
}

function completing(
  type: GraphQLOutputType,
  fieldNodes: readonly FieldNode[],
  fragments: Fragments,
): Complete {
  // What may not be null is not: properties are read so when they come from Defender.
  if (isNonNullType(type)) return completing(type.ofType, fieldNodes, fragments);
  if (isListType(type)) {
    const complete = completing(type.ofType, fieldNodes, fragments);
    return (value) => (Array.isArray(value) ? value.map(complete) : null);
  }
  const complete = isObjectType(type) ? projectionOf(type, fieldNodes, fragments) : leaf(type);
  return (value) => (value === null || value === undefined ? null : complete(value));
}

function leaf(type: GraphQLOutputType): Complete {
  if ('serialize' in type) return (value) => type.serialize(value);
  throw new Error(`${String(type)} has neither properties nor a value`);
}

type Nodes = [FieldNode, ...FieldNode[]];

/** The fields that are selected below some fields, by response key, in the order of the answer. */
function collected(
  fieldNodes: readonly FieldNode[],
  fragments: Fragments,
): ReadonlyMap<string, Nodes> {
  const byResponseKey = new Map<string, Nodes>();
  const spread = new Set<string>();

  const collect = (set: SelectionSetNode | undefined) => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const responseKey = (selection.alias ?? selection.name).value;
        const nodes = byResponseKey.get(responseKey);
        if (nodes) nodes.push(selection);
        else byResponseKey.set(responseKey, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        collect(fragments[selection.name.value]?.selectionSet);
      }
    }
  };
  for (const { selectionSet } of fieldNodes) collect(selectionSet);
  return byResponseKey;
}
