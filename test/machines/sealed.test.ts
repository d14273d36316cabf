import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Seal } from '../../src/machines/sealed.ts';

const SECRET = 'a secret of thirty-two characters or more';
const NEWER = 'a newer secret of thirty-two characters';
const seal = new Seal([SECRET]);

function sealedText(text = '{"machines":[]}', partition = 'alice', context = 'user1'): Buffer {
  const sealed = seal.seal(partition, context, text);
  if (!sealed) throw new Error('not sealed');
  return sealed;
}

describe('What was sealed', () => {
  test('opens for the same partition and context, whatever it is', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 3_000 });
    fc.assert(
      fc.property(text, fc.string(), fc.string(), (plain, partition, context) => {
        const sealed = sealedText(plain, partition, context);
        expect(seal.open(partition, context, sealed)?.replace(/ +$/, '')).toBe(
          plain.replace(/ +$/, ''),
        );
      }),
    );
  });

  test('opens for no other partition and in no other context', () => {
    const sealed = sealedText();
    expect(seal.open('alice', 'user1', sealed)).toBeDefined();
    expect(seal.open('bob', 'user1', sealed)).toBeUndefined();
    expect(seal.open('alice', 'user2', sealed)).toBeUndefined();
  });

  test('does not open once any byte of it has changed', () => {
    const sealed = sealedText();
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(seal.open('alice', 'user1', changed)).toBeUndefined();
    }
  });

  test('does not open cut short, prolonged, or in another format', () => {
    const sealed = sealedText();
    for (let length = 0; length < sealed.length; length += 1)
      expect(seal.open('alice', 'user1', sealed.subarray(0, length))).toBeUndefined();
    expect(seal.open('alice', 'user1', Buffer.concat([sealed, Buffer.of(0)]))).toBeUndefined();
    const older = Buffer.concat([Buffer.of(0), sealed.subarray(1)]);
    expect(seal.open('alice', 'user1', older)).toBeUndefined();
  });

  test('is never twice the same, and shows nothing of the text', () => {
    const text = JSON.stringify({ computerDnsName: 'lab-08.contoso.com' });
    const [one, other] = [sealedText(text), sealedText(text)];
    expect(one.equals(other)).toBe(false);
    expect(one.includes('lab-08')).toBe(false);
  });

  test('has a length that tells only the next power of two', () => {
    const lengthOf = (bytes: number) => sealedText('x'.repeat(bytes)).length - 29;
    expect([0, 1, 1_024, 1_025, 2_048, 5_000].map(lengthOf)).toEqual([
      1_024, 1_024, 1_024, 2_048, 2_048, 8_192,
    ]);
  });
});

test('random bytes do not open', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, hasFormat) => {
      const value = Buffer.from(bytes);
      if (hasFormat && value.length > 0) value[0] = sealedText()[0] ?? 0;
      expect(seal.open('alice', 'user1', value)).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
});

test('a text of more than 1 MiB is not sealed', () => {
  expect(seal.seal('alice', 'user1', 'x'.repeat(1_048_576))).toBeDefined();
  expect(seal.seal('alice', 'user1', 'x'.repeat(1_048_577))).toBeUndefined();
});

describe('Of several secrets', () => {
  const rotating = new Seal([NEWER, SECRET]);

  test('the first seals', () => {
    const sealed = rotating.seal('alice', 'user1', 'text') ?? Buffer.of();
    expect(new Seal([NEWER]).open('alice', 'user1', sealed)).toMatch(/^text/);
    expect(seal.open('alice', 'user1', sealed)).toBeUndefined();
  });

  test('all open', () => {
    expect(rotating.open('alice', 'user1', sealedText('text'))).toMatch(/^text/);
    expect(new Seal([NEWER]).open('alice', 'user1', sealedText('text'))).toBeUndefined();
  });
});
