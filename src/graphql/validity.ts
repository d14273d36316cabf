import {
  getEnterLeaveForKind,
  Kind,
  specifiedRules,
  TypeInfo,
  ValidationContext,
  visit,
  type ASTNode,
  type ASTVisitFn,
  type ASTVisitor,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

/**
 * What is looked at, and which parts of it. No rule looks at a name by itself, and half the nodes of a document are names.
 * What is not here is left to Apollo Server's own validation, as fragments are for their number when written out.
 */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  [Kind.DOCUMENT]: ['definitions'],
  [Kind.OPERATION_DEFINITION]: ['variableDefinitions', 'directives', 'selectionSet'],
  [Kind.VARIABLE_DEFINITION]: ['variable', 'type', 'defaultValue', 'directives'],
  [Kind.VARIABLE]: [],
  [Kind.NAMED_TYPE]: [],
  [Kind.LIST_TYPE]: ['type'],
  [Kind.NON_NULL_TYPE]: ['type'],
  [Kind.SELECTION_SET]: ['selections'],
  [Kind.FIELD]: ['arguments', 'directives', 'selectionSet'],
  [Kind.INLINE_FRAGMENT]: ['typeCondition', 'directives', 'selectionSet'],
  [Kind.DIRECTIVE]: ['arguments'],
  [Kind.ARGUMENT]: ['value'],
  [Kind.INT]: [],
  [Kind.FLOAT]: [],
  [Kind.STRING]: [],
  [Kind.BOOLEAN]: [],
  [Kind.NULL]: [],
  [Kind.ENUM]: [],
  [Kind.LIST]: ['values'],
  [Kind.OBJECT]: ['fields'],
  [Kind.OBJECT_FIELD]: ['value'],
};
/** So is introspection. */
const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type']);

const INVALID = new Error('not known to be valid');

/**
 * Whether a document is certain to be valid by all rules of the specification. False is no verdict: what is wrong with it,
 * if anything, is for graphql-js and Apollo Server to say.
 *
 * By the rules of graphql-js, which prepares each of them for each of its 49 kinds of nodes before it looks at a document,
 * and walks each operation once more for its variables. A router's document has a dozen kinds, and to prepare the others
 * takes longer than to judge it.
 */
export function isSurelyValid(schema: GraphQLSchema, document: DocumentNode): boolean {
  const typeInfo = new TypeInfo(schema);
  const context = new OneWalk(schema, document, typeInfo);
  const judges = judgesBy(specifiedRules.map((rule) => rule(context)));
  try {
    const visitor: ASTVisitor = {
      enter(...at) {
        const [node, , parent] = at;
        if (!(node.kind in PARTS)) throw INVALID;
        if (node.kind === Kind.FIELD && INTROSPECTION.has(node.name.value)) throw INVALID;
        typeInfo.enter(node);
        context.walk(node, parent);
        judges.enter(...at);
      },
      leave(...at) {
        judges.leave(...at);
        typeInfo.leave(at[0]);
      },
    };
    visit(document, visitor, PARTS as Parameters<typeof visit>[2]);
    return true;
  } catch (error) {
    if (error === INVALID) return false;
    throw error;
  }
}

type VariableUsages = ReturnType<ValidationContext['getVariableUsages']>;

/** Knows where variables are used from the walk in which the rules judge: they ask for it when an operation is left. */
class OneWalk extends ValidationContext {
  readonly #typeInfo: TypeInfo;
  #usages: VariableUsages[number][] = [];

  constructor(schema: GraphQLSchema, document: DocumentNode, typeInfo: TypeInfo) {
    super(schema, document, typeInfo, () => {
      throw INVALID;
    });
    this.#typeInfo = typeInfo;
  }

  walk(node: ASTNode, parent: ASTNode | readonly ASTNode[] | undefined): void {
    if (node.kind === Kind.OPERATION_DEFINITION) this.#usages = [];
    if (node.kind !== Kind.VARIABLE) return;
    if (parent && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION) return;
    this.#usages.push({
      node,
      type: this.#typeInfo.getInputType(),
      defaultValue: this.#typeInfo.getDefaultValue(),
      parentType: this.#typeInfo.getParentInputType(),
    });
  }

  override getRecursiveVariableUsages(): VariableUsages {
    return this.#usages;
  }
}

interface EnterLeave {
  enter(...at: Parameters<ASTVisitFn<ASTNode>>): void;
  leave(...at: Parameters<ASTVisitFn<ASTNode>>): void;
}

/** All of them at once, each of which may skip what is below a node. None of the rules stops, or changes the document. */
function judgesBy(visitors: readonly ASTVisitor[]): EnterLeave {
  /** By visitor, the node below which it sees nothing. */
  const skipped = new Map<ASTVisitor, ASTNode>();

  const judgesOf = (kind: Kind) => {
    const steps = visitors
      .filter((visitor) => kind in visitor || 'enter' in visitor || 'leave' in visitor)
      .map((visitor) => ({ visitor, ...getEnterLeaveForKind(visitor, kind) }));
    return {
      entering: steps.filter(({ enter }) => enter !== undefined),
      leaving: steps.filter(({ leave }) => leave !== undefined),
    };
  };
  const known = new Map<Kind, ReturnType<typeof judgesOf>>();
  const judges = (kind: Kind) => {
    let found = known.get(kind);
    if (!found) known.set(kind, (found = judgesOf(kind)));
    return found;
  };

  return {
    enter(...at) {
      for (const { visitor, enter } of judges(at[0].kind).entering) {
        if (skipped.has(visitor)) continue;
        const result: unknown = enter?.apply(visitor, at);
        if (result === false) skipped.set(visitor, at[0]);
        else if (result !== undefined) throw INVALID;
      }
    },
    leave(...at) {
      for (const { visitor, leave } of judges(at[0].kind).leaving) {
        if (!skipped.has(visitor) && leave?.apply(visitor, at) !== undefined) throw INVALID;
      }
      for (const [visitor, node] of skipped) if (node === at[0]) skipped.delete(visitor);
    },
  };
}
