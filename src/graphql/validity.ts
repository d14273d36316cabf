import {
  getEnterLeaveForKind,
  Kind,
  specifiedRules,
  TypeInfo,
  ValidationContext,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type ASTVisitFn,
  type ASTVisitor,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

/** Left to Apollo Server's own validation: fragments for their number when written out, and introspection. */
const LEFT_ALONE: ReadonlySet<string> = new Set([Kind.FRAGMENT_DEFINITION, Kind.FRAGMENT_SPREAD]);
const INTROSPECTION: ReadonlySet<string> = new Set(['__schema', '__type']);

const INVALID = new Error('not known to be valid');

/**
 * Whether a document is certain to be valid by all rules of the specification. False is no verdict: what is wrong with it,
 * if anything, is for graphql-js and Apollo Server to say.
 *
 * By the rules of graphql-js, which prepares each of them for each of its 49 kinds of nodes before it looks at a document.
 * A router's document has a dozen, and to prepare the others takes longer than to judge it.
 */
export function isSurelyValid(schema: GraphQLSchema, document: DocumentNode): boolean {
  const typeInfo = new TypeInfo(schema);
  const context = new ValidationContext(schema, document, typeInfo, () => {
    throw INVALID;
  });
  try {
    const kinds = kindsIn(document);
    const judges = inParallel(
      specifiedRules.map((rule) => rule(context)),
      kinds,
    );
    visit(document, visitWithTypeInfo(typeInfo, judges));
    return true;
  } catch (error) {
    if (error === INVALID) return false;
    throw error;
  }
}

function kindsIn(document: DocumentNode): ReadonlySet<Kind> {
  const kinds = new Set<Kind>();
  visit(document, {
    enter(node) {
      if (LEFT_ALONE.has(node.kind)) throw INVALID;
      if (node.kind === Kind.FIELD && INTROSPECTION.has(node.name.value)) throw INVALID;
      kinds.add(node.kind);
    },
  });
  return kinds;
}

/** All of them at once, each of which may skip what is below a node. None of the rules stops, or changes the document. */
function inParallel(visitors: readonly ASTVisitor[], kinds: ReadonlySet<Kind>): ASTVisitor {
  /** By visitor, the node below which it sees nothing. */
  const skipped = new Map<ASTVisitor, ASTNode>();

  const judgesOf = (kind: Kind): EnterLeave => {
    const steps = visitors.map((visitor) => ({ visitor, ...getEnterLeaveForKind(visitor, kind) }));
    const entering = steps.filter(({ enter }) => enter !== undefined);
    const leaving = steps.filter(({ leave }) => leave !== undefined);
    return {
      enter(...at) {
        for (const { visitor, enter } of entering) {
          if (skipped.has(visitor)) continue;
          const result: unknown = enter?.apply(visitor, at);
          if (result === false) skipped.set(visitor, at[0]);
          else if (result !== undefined) throw INVALID;
        }
      },
      leave(...at) {
        for (const { visitor, leave } of leaving) {
          if (!skipped.has(visitor) && leave?.apply(visitor, at) !== undefined) throw INVALID;
        }
        for (const [visitor, node] of skipped) if (node === at[0]) skipped.delete(visitor);
      },
    };
  };
  return Object.fromEntries([...kinds].map((kind) => [kind, judgesOf(kind)]));
}

interface EnterLeave {
  enter(...at: Parameters<ASTVisitFn<ASTNode>>): void;
  leave(...at: Parameters<ASTVisitFn<ASTNode>>): void;
}
