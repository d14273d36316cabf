import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRecentKeys, type Place } from '../../src/rendered/recentKeys.ts';

const BETWEEN = '"},{"id":"';

/** A body of these keys, and where they stand. */
function bodyOf(keys: readonly string[], head = '[{"id":"'): [string, Place] {
  const region = keys.join(BETWEEN);
  const from = head.length;
  return [`${head}${region}"}]`, { from, to: from + region.length, between: BETWEEN }];
}

describe('keys in bodies', () => {
  test('are those that stand there, whatever bodies came before', () => {
    const key = fc.constantFrom('', 'a', 'b', 'é', '"},', 'x'.repeat(600));
    const place = fc.record({
      from: fc.integer({ min: 0, max: 12 }),
      until: fc.integer({ min: 0, max: 3 }),
      between: fc.constantFrom(BETWEEN, '"},{', ','),
    });
    const asked = fc.array(fc.tuple(fc.array(key, { minLength: 1, maxLength: 4 }), place), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(asked, (bodies) => {
        const keysIn = createRecentKeys();
        for (const [keys, { from, until, between }] of bodies) {
          const [text] = bodyOf(keys);
          const to = Math.max(from, text.length - until);
          expect(keysIn(text, { from, to, between })).toEqual(text.slice(from, to).split(between));
        }
      }),
    );
  });

  test('are those that stand there, where two bodies have one length and all parts in common', () => {
    const keysIn = createRecentKeys();
    const [first, last] = ['first'.repeat(200), 'last'.repeat(200)];
    for (const middle of ['b', 'b', 'b', 'c', 'b', 'c', 'c', 'c', 'b']) {
      expect(keysIn(...bodyOf([first, middle, last]))).toEqual([first, middle, last]);
    }
  });

  test.each<[string, Partial<Place>]>([
    ['begin', { from: 30 }],
    ['end', { to: 2_970 }],
    ['are parted', { between: 'bb' }],
  ])('are those that stand there, where they %s elsewhere in the same body', (_, other) => {
    const keysIn = createRecentKeys();
    const text = 'abb'.repeat(1_000);
    for (const change of [{}, {}, {}, other, other, other, {}]) {
      const place = { from: 0, to: 3_000, between: 'a', ...change };
      const { from, to, between } = place;
      expect(keysIn(text, place)).toEqual(text.slice(from, to).split(between));
    }
  });

  test('are cut out no more once a body has come twice', () => {
    const keysIn = createRecentKeys();
    const many = (user: string) => bodyOf(Array.from({ length: 100 }, () => user));
    const ask = () => keysIn(...many('user1'));
    const first = ask();
    const second = ask();
    expect(second).not.toBe(first);
    keysIn(...many('user2'));
    expect(ask()).toBe(second);
    expect(ask()).toBe(second);
  });

  test('are remembered of so many bodies only', () => {
    const keysIn = createRecentKeys();
    const ask = (user: number) =>
      keysIn(...bodyOf(Array.from({ length: 100 }, (_, index) => `user${user * 1_000 + index}`)));
    const askTwice = (user: number) => [ask(user), ask(user)][1];
    const remembered = askTwice(0);
    for (let user = 1; user <= 20; user += 1) askTwice(user);
    expect(ask(0)).toBe(remembered);
    for (let user = 1; user <= 200; user += 1) askTwice(user);
    expect(ask(0)).not.toBe(remembered);
  });
});
