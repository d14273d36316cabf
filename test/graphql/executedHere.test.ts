import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/errors.ts';
import { machineOf } from '../machines/anyMachine.ts';
import { anyDocument, anyVariables } from '../rendered/anyQuestion.ts';
import { openRendered } from '../rendered/setting.ts';

const IDS = ['user1', 'failing', 'unknown', '..'];

test('an answer with failures is what Apollo Server would make of it: status, header and body', async () => {
  const road = await openRendered({
    upstream: (_token, userName) => {
      if (userName === 'failing') throw new Failure('UPSTREAM_TIMEOUT', 'No.');
      return userName === 'unknown' ? null : [machineOf({ id: 'a' })];
    },
  });
  const representations = IDS.map((id) => ({ __typename: 'User', id }));
  const lists = { r0: representations, r1: representations };
  const noLists = fc.constantFrom({}, { r0: null }, { r0: [5], r1: [] });
  const question = fc.record({
    document: anyDocument,
    variables: anyVariables,
    given: fc.oneof(
      { weight: 9, arbitrary: fc.constant(lists) },
      { weight: 1, arbitrary: noLists },
    ),
    operationName: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom('nobody', '') },
    ),
  });
  let failures = 0;
  try {
    // From now on all are remembered, as long as the clock stands.
    await road.post({
      query:
        'query ($r0: [_Any!]!) { _entities(representations: $r0) { ... on User { machineCount } } }',
      variables: { r0: representations },
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ document, variables, given, operationName }) => {
        const body = {
          query: document.query,
          variables: { ...variables, ...given },
          ...(operationName !== undefined && { operationName }),
        };
        const whole = await road.post({ ...body, extensions: { whole: true } });
        expect(await road.post(body)).toEqual(whole);
        if (whole.text.includes('"errors"')) failures += 1;
      }),
      { numRuns: 400 },
    );
    expect(failures).toBeGreaterThan(200);
  } finally {
    await road.close();
  }
}, 120_000);
