import {
  isObjectType,
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A field, a fragment or an operation. */
interface Part {
  readonly typeCondition?: NamedTypeNode | undefined;
  readonly selectionSet?: SelectionSetNode | undefined;
}

/**
 * Whether a valid document's selections are all there for certain, on whatever object: none hangs on a directive, nor on a
 * type that is several (a device is one of `_Entity`, below which a fragment on users is valid as well). Nor does it ask for
 * the schema itself, nor for a response key that is no name for a property of an object.
 */
export function isPlain(schema: GraphQLSchema, { definitions }: DocumentNode): boolean {
  const isPlainPart = ({ typeCondition, selectionSet }: Part): boolean =>
    (!typeCondition || isObjectType(schema.getType(typeCondition.name.value))) &&
    (selectionSet?.selections ?? []).every(isPlainSelection);

  const isPlainSelection = (selection: SelectionNode): boolean => {
    if (selection.directives?.length) return false;
    if (selection.kind === Kind.FRAGMENT_SPREAD) return true;
    if (selection.kind === Kind.FIELD) {
      const { name, alias } = selection;
      if (UNUSUAL.has(name.value) || alias?.value === '__proto__') return false;
    }
    return isPlainPart(selection);
  };

  return definitions.every((definition) => 'selectionSet' in definition && isPlainPart(definition));
}

const UNUSUAL: ReadonlySet<string> = new Set(['__schema', '__type']);
