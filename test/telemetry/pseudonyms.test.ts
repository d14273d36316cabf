import { expect, test } from '@jest/globals';
import { createPseudonyms } from '../../src/telemetry/pseudonyms.ts';

test('a pseudonym is the same for the same name and key, and no other', () => {
  const [one, same, other] = [1, 1, 2].map((byte) => createPseudonyms(Buffer.alloc(32, byte)));
  expect(one?.('user1')).toMatch(/^[\w-]{14}$/);
  expect(one?.('user1')).toBe(one?.('user1'));
  expect(same?.('user1')).toBe(one?.('user1'));
  expect(other?.('user1')).not.toBe(one?.('user1'));
  expect(one?.('user2')).not.toBe(one?.('user1'));
});
