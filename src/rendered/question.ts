import {
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { weightsOf, type Weights } from '../graphql/limits.ts';

/** An operation that asks for entities and nothing else: in one list, or in several under aliases. */
export interface EntitiesQuestion {
  /** Its name. */
  readonly operation: string | undefined;
  readonly lists: readonly EntityList[];
  /** Whether the answers tell fresh from remembered. */
  readonly tellsSource: boolean;
  readonly weights: Weights;
}

export interface EntityList {
  readonly responseKey: string;
  /** Holds the representations. */
  readonly variable: string;
}

/** More than any router puts into one request. */
const MOST_LISTS = 20;

/**
 * Reads a question in whose answer each entity depends on its own representation and on the other variables alone.
 * Undefined for any other, which is executed each time.
 */
export function entitiesQuestion(
  document: DocumentNode,
  { operation, name, directives, selectionSet: { selections } }: OperationDefinitionNode,
): EntitiesQuestion | undefined {
  if (operation !== OperationTypeNode.QUERY || directives?.length) return undefined;
  const fields = selections.filter(isPlainEntities);
  if (fields.length < selections.length || fields.length > MOST_LISTS) return undefined;
  const lists = fields.flatMap(entityList);
  const variables = new Set(lists.map(({ variable }) => variable));
  const responseKeys = new Set(lists.map(({ responseKey }) => responseKey));
  if (lists.length < fields.length) return undefined;
  if (responseKeys.size < lists.length || variables.size < lists.length) return undefined;
  // Where representations are used once more, an entity could depend on those of others.
  if (timesUsed(document, variables) !== lists.length) return undefined;
  const fragments = fragmentsOf(document);
  // How long an answer may be kept hangs on the users that are looked up, which must not differ between the lists.
  if (fields.length > 1 && !fields.every((field) => looksUsersUp(field, fragments))) {
    return undefined;
  }
  return {
    operation: name?.value,
    lists,
    tellsSource: asksFor(document, 'source'),
    weights: weightsOf({ fieldNodes: fields, fragments }),
  };
}

function isPlainEntities(selection: SelectionNode): selection is FieldNode {
  return (
    selection.kind === Kind.FIELD &&
    selection.name.value === '_entities' &&
    !selection.directives?.length
  );
}

function entityList({ alias, name, arguments: given = [] }: FieldNode): EntityList[] {
  const [representations] = given;
  if (representations?.value.kind !== Kind.VARIABLE) return [];
  return [{ responseKey: (alias ?? name).value, variable: representations.value.name.value }];
}

const OF_DEVICES = ['machines', 'machineCount', 'machinesFreshness'];

/** Whether it asks for devices of each user, whatever the variables are. */
function looksUsersUp({ selectionSet }: FieldNode, fragments: Fragments): boolean {
  const isSure = (selection: SelectionNode): boolean => {
    if (selection.directives?.length) return false;
    if (selection.kind === Kind.FIELD) return OF_DEVICES.includes(selection.name.value);
    const { selectionSet: inner } =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : (fragments[selection.name.value] ?? NOTHING);
    return inner.selections.some(isSure);
  };
  return selectionSet?.selections.some(isSure) ?? false;
}

const NOTHING = { selectionSet: { selections: [] } };

function timesUsed(document: DocumentNode, variables: ReadonlySet<string>): number {
  let times = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      if (variables.has(name.value)) times += 1;
    },
  });
  return times;
}

function asksFor(document: DocumentNode, field: string): boolean {
  let isThere = false;
  visit(document, {
    Field: ({ name }) => {
      isThere ||= name.value === field;
    },
  });
  return isThere;
}

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

function fragmentsOf(document: DocumentNode): Fragments {
  return Object.fromEntries(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}
