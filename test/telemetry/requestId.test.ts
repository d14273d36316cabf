import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { requestIdOf } from '../../src/telemetry/requestId.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test('an id that a gateway has given is kept', () => {
  for (const id of [
    '01JD3E1F2G',
    '3f1b6c2e-8a47-4d0b-9c55-6e2d1a7f4b90',
    '1-67891233-abcdef012345678912345678',
  ])
    expect(requestIdOf(id)).toBe(id);
});

test('where there is none, or one that a log or a header would have to escape, it is a new one', () => {
  expect(requestIdOf(undefined)).toMatch(UUID);
  expect(requestIdOf(['0123456789', '0123456789'])).toMatch(UUID);
  expect(requestIdOf('0123456789\r\nset-cookie: x')).toMatch(UUID);
  expect(requestIdOf('x'.repeat(65))).toMatch(UUID);
  fc.assert(fc.property(fc.string(), (id) => /^[\w.:-]{8,64}$/.test(requestIdOf(id))));
});
