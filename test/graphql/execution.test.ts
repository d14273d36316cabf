import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { execute, parse, validate, type FormattedExecutionResult } from 'graphql';
import { Failure } from '../../src/errors.ts';
import { createAnswerText } from '../../src/graphql/answerText.ts';
import { createExecutePlain } from '../../src/graphql/execution.ts';
import { createAllowance } from '../../src/graphql/limits.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import type { AskedUser } from '../../src/graphql/user.ts';
import type { Machine } from '../../src/machines/machine.ts';
import { anyMachine, machineOf } from '../machines/anyMachine.ts';
import { anyDocument, anyVariables } from '../rendered/anyQuestion.ts';

const schemas = createSchema('id');
const executePlain = createExecutePlain(schemas);

type Variables = Readonly<Record<string, unknown>>;

/**
 * The answer about users who all have these devices, but for one who is unknown and one who fails, is graphql-js' own.
 * Resolves with whether there is one, where Apollo Server is not to execute.
 */
async function holds(
  query: string,
  machines: readonly Machine[] = devices,
  variables?: Variables,
): Promise<boolean> {
  const document = parse(query);
  expect(validate(schemas.schema, document)).toEqual([]);
  const asked = () => ({
    ...{ request: { variables }, document, metrics: {} },
    contextValue: {
      allowance: createAllowance(1_000),
      projections: new Map(),
      now: () => 0,
      sightingOf: async ({ userName }: AskedUser) => {
        if (userName === 'failing') throw new Failure('UPSTREAM_TIMEOUT', 'No.');
        return {
          machines: userName === 'unknown' ? null : machines,
          ...{ readAt: 0, freshUntil: 60_000, complete: true, source: 'LIVE' },
        };
      },
    },
  });
  const here = await executePlain(asked() as never);
  if (!here) return false;
  const { contextValue } = asked();
  const whole = { schema: schemas.schema, document, contextValue, variableValues: variables };
  const expected = JSON.stringify(await execute(whole));
  expect(JSON.stringify(here)).toBe(expected);
  expect(createAnswerText().stringify(here as FormattedExecutionResult)).toBe(expected);
  return true;
}

const devices = [
  machineOf({
    id: 'a',
    osBuild: 26_100,
    riskScore: 'High',
    lastSeen: '2025-02-03T04:05:06.1234567Z',
    machineTags: ['vip', 'pci'],
    ipAddresses: [{ ipAddress: '10.0.0.1', type: 'Ethernet' }],
    vmMetadata: { vmId: 'vm-1', cloudProvider: 'Azure' },
  }),
  machineOf({ id: 'b' }),
];
describe('an answer is what graphql-js would make of it, to the letter', () => {
  test('for any question and any devices', async () => {
    const representations = ['user1', 'failing', 'unknown', 'user1'].map((id) => ({
      __typename: 'User',
      id,
    }));
    const question = fc.record({
      machines: fc.array(anyMachine, { maxLength: 3 }),
      document: anyDocument,
      variables: anyVariables,
    });
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(question, async ({ machines, document, variables }) => {
        const lists = { r0: representations, r1: representations };
        if (await holds(document.query, machines, { ...variables, ...lists })) plain += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  test.each<readonly [string, string, string?]>([
    ['devices are asked for twice under one name', 'machines { id } machines { osBuild id }'],
    [
      'parts of a device are asked for twice',
      'machines { ipAddresses { type } id } machines { ipAddresses { ipAddress type } }',
    ],
    ['one user is asked in two ways', 'machines(first: 1) { id } all: machines { id: osBuild }'],
    ['types are asked for', 'machines { __typename vmMetadata { t: __typename vmId } }'],
    ['a name is that of the prototype', 'machines { __proto__: id constructor: osBuild }'],
    ['a property hangs on a directive', 'machines { id @skip(if: true) osBuild }'],
    ['devices hang on a directive', 'machineCount machines @include(if: false) { id }'],
    [
      'the schema itself is asked for',
      'machines { id } } __type(name: "UserMachines") { fields { type { kind } }',
    ],
    [
      'a part hangs on the type of the object',
      '... on UserMachines { machines { ... on Machine { id } } }',
    ],
    [
      'a part is of users, whom devices are of one type with',
      'machines { n: osBuild ... on _Entity { ... on User { n: machineCount v: machineCount } } }',
    ],
    ['some users fail', 'b: machines { id } machineCount a: machines { osBuild }'],
    ['the first may not be negative', 'machines(first: -1) { id } machineCount'],
    [
      'a fragment is on a type that is several',
      'machines { ...A }',
      'fragment A on _Entity { ... on User { v: machinesFreshness { asOf } } ... on Machine { v: vmMetadata { vmId } } }',
    ],
    [
      'fragments spread others, and one of them twice',
      'machines { ...A ...B ...A }',
      'fragment A on Machine { ...B riskScore } fragment B on Machine { id machineTags lastSeen }',
    ],
  ])('where %s', async (_, selection, fragments = '') => {
    await holds(
      `{ machinesByUser(userNames: ["failing", "user1", "unknown"]) { ${selection} } } ${fragments}`,
    );
  });
});
