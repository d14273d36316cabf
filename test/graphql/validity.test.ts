import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse, specifiedRules, validate } from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';
import { isSurelyValid } from '../../src/graphql/validity.ts';
import { anyDocument } from '../rendered/anyQuestion.ts';

const { schema } = createSchema('id');
const isValid = (document: string) => isSurelyValid(schema, parse(document));
const byGraphqlJs = (document: string, rules = specifiedRules) =>
  validate(schema, parse(document), rules).length === 0;

function isDocument(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

const ROUTERS =
  'query Q($representations: [_Any!]!, $most: Int = 3) { _entities(representations: $representations) ' +
  '{ __typename ... on User { id machines(first: $most, filter: { riskScore: [HIGH] }) { id name: computerDnsName } } } }';

/** Documents that a rule of the specification refuses, by that rule. */
const REFUSED: readonly (readonly [string, string])[] = [
  ['ExecutableDefinitionsRule', 'type A { a: Int } { __typename }'],
  ['UniqueOperationNamesRule', 'query A { __typename } query A { __typename }'],
  ['LoneAnonymousOperationRule', '{ __typename } query A { __typename }'],
  ['KnownTypeNamesRule', 'query ($a: Nothing) { __typename }'],
  ['VariablesAreInputTypesRule', 'query ($a: User) { __typename }'],
  ['ScalarLeafsRule', '{ machinesByUser(userNames: []) }'],
  ['ScalarLeafsRule', '{ __typename { a } }'],
  ['FieldsOnCorrectTypeRule', '{ nothing }'],
  ['KnownDirectivesRule', '{ __typename @nothing }'],
  ['UniqueDirectivesPerLocationRule', '{ __typename @skip(if: true) @skip(if: true) }'],
  ['KnownArgumentNamesRule', '{ machinesByUser(userNames: [], nothing: 1) { userName } }'],
  ['UniqueArgumentNamesRule', '{ machinesByUser(userNames: [], userNames: []) { userName } }'],
  ['ValuesOfCorrectTypeRule', '{ machinesByUser(userNames: [1]) { userName } }'],
  ['ProvidedRequiredArgumentsRule', '{ machinesByUser { userName } }'],
  ['UniqueVariableNamesRule', 'query ($a: Int, $a: Int) { __typename @skip(if: $a) }'],
  ['NoUndefinedVariablesRule', '{ __typename @skip(if: $a) }'],
  [
    'NoUndefinedVariablesRule',
    'query A($a: Boolean!) { __typename @skip(if: $a) } query B { __typename @skip(if: $a) }',
  ],
  ['NoUnusedVariablesRule', 'query ($a: Int) { __typename }'],
  [
    'NoUnusedVariablesRule',
    'query A($a: Boolean!) { __typename @skip(if: $a) } query B($a: Boolean!) { __typename }',
  ],
  ['VariablesInAllowedPositionRule', 'query ($a: Int) { __typename @skip(if: $a) }'],
  [
    'OverlappingFieldsCanBeMergedRule',
    '{ a: machinesByUser(userNames: []) { userName } a: machinesByUser(userNames: ["b"]) { userName } }',
  ],
  [
    'UniqueInputFieldNamesRule',
    '{ machinesByUser(userNames: []) { machines(filter: { machineTag: "a", machineTag: "b" }) { id } } }',
  ],
  ['PossibleFragmentSpreadsRule', '{ machinesByUser(userNames: []) { ... on User { id } } }'],
  ['FragmentsOnCompositeTypesRule', '{ ... on Int { a } }'],
];

describe('a document', () => {
  test("that is a router's is surely valid", () => {
    expect(byGraphqlJs(ROUTERS)).toBe(true);
    expect(isValid(ROUTERS)).toBe(true);
  });

  test.each(REFUSED)('that %s refuses is not: %s', (rule, document) => {
    const only = specifiedRules.filter(({ name }) => name === rule);
    expect(only).toHaveLength(1);
    expect(byGraphqlJs(document, only)).toBe(false);
    expect(isValid(document)).toBe(false);
  });

  test('is judged by a rule of which there is an example here, or that has nothing to judge in it', () => {
    const others = [
      ...['UniqueFragmentNamesRule', 'KnownFragmentNamesRule', 'NoUnusedFragmentsRule'],
      ...['NoFragmentCyclesRule', 'MaxIntrospectionDepthRule'],
      // The schema has neither subscriptions nor directives for incremental delivery.
      ...['SingleFieldSubscriptionsRule', 'DeferStreamDirectiveLabelRule'],
      ...['DeferStreamDirectiveOnRootFieldRule', 'DeferStreamDirectiveOnValidOperationsRule'],
      ...['StreamDirectiveOnListFieldRule'],
    ];
    const known = new Set([...REFUSED.map(([rule]) => rule), ...others]);
    expect(specifiedRules.filter(({ name }) => !known.has(name))).toEqual([]);
  });

  test.each([
    ['with fragments', 'query { ...A } fragment A on Query { __typename }'],
    ['that asks for the schema', '{ __schema { types { name } } }'],
    ['that asks for a type', '{ __type(name: "User") { name } }'],
  ])('%s is left to Apollo Server', (_, document) => {
    expect(byGraphqlJs(document)).toBe(true);
    expect(isValid(document)).toBe(false);
  });

  test('without fragments is surely valid exactly where graphql-js finds nothing wrong', () => {
    const words = fc.constantFrom(
      ...['$r0', '$first', 'first', 'machines', 'id', 'User', 'Int', '"a"', '1', 'LOW', 'filter'],
      ...['machineCount', 'list0', 'f0_', 'true', 'null', 'yes', 'lastSeen', '__typename'],
    );
    const mutation = fc.option(fc.record({ at: fc.nat(), word: words }), { freq: 3 });
    const documents = fc
      .tuple(anyDocument, mutation)
      .map(([{ query }, mutated]) => {
        if (!mutated) return query;
        let at = mutated.at % (query.match(/[$\w]+/g)?.length ?? 1);
        return query.replaceAll(/[$\w]+/g, (word) => (at-- === 0 ? mutated.word : word));
      })
      .filter((document) => !document.includes('fragment') && isDocument(document));
    let valid = 0;
    fc.assert(
      fc.property(documents, (document) => {
        const verdict = byGraphqlJs(document);
        if (verdict) valid += 1;
        expect(isValid(document)).toBe(verdict);
      }),
      { numRuns: 600 },
    );
    expect(valid).toBeGreaterThan(60);
    expect(valid).toBeLessThan(540);
  });
});
