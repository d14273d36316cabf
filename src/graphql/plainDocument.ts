import { Kind, type DocumentNode, type SelectionSetNode } from 'graphql';

/**
 * Whether a valid document's selections are all there for certain: none hangs on a directive. (A fragment on another type
 * than an object's own would not be valid.) Nor does it ask for the schema itself, nor for a response key that is no name
 * for a property of an object.
 */
export function isPlain({ definitions }: DocumentNode): boolean {
  return definitions.every(
    (definition) => 'selectionSet' in definition && isPlainSet(definition.selectionSet),
  );
}

const UNUSUAL: ReadonlySet<string> = new Set(['__schema', '__type']);

function isPlainSet(set: SelectionSetNode | undefined): boolean {
  return (set?.selections ?? []).every((selection) => {
    if (selection.directives?.length) return false;
    if (selection.kind === Kind.FRAGMENT_SPREAD) return true;
    if (selection.kind === Kind.INLINE_FRAGMENT) return isPlainSet(selection.selectionSet);
    const { name, alias, selectionSet } = selection;
    return !UNUSUAL.has(name.value) && alias?.value !== '__proto__' && isPlainSet(selectionSet);
  });
}
