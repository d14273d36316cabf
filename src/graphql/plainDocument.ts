import {
  isObjectType,
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type NamedTypeNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Whether a valid document's selections are all there for certain, on whatever object: none hangs on a directive, nor on a
 * type that is several (a device is one of `_Entity`, below which a fragment on users is valid as well). Nor does it ask for
 * the schema itself, nor for a response key that is no name for a property of an object.
 */
export function isPlain(schema: GraphQLSchema, { definitions }: DocumentNode): boolean {
  const isOne = (type: NamedTypeNode | undefined) =>
    type === undefined || isObjectType(schema.getType(type.name.value));

  const isPlainSet = (set: SelectionSetNode | undefined): boolean =>
    (set?.selections ?? []).every((selection) => {
      if (selection.directives?.length) return false;
      if (selection.kind === Kind.FRAGMENT_SPREAD) return true;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return isOne(selection.typeCondition) && isPlainSet(selection.selectionSet);
      }
      const { name, alias, selectionSet } = selection;
      return !UNUSUAL.has(name.value) && alias?.value !== '__proto__' && isPlainSet(selectionSet);
    });

  return definitions.every((definition) => {
    if (definition.kind === Kind.OPERATION_DEFINITION) return isPlainSet(definition.selectionSet);
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) return false;
    return isOne(definition.typeCondition) && isPlainSet(definition.selectionSet);
  });
}

const UNUSUAL: ReadonlySet<string> = new Set(['__schema', '__type']);
