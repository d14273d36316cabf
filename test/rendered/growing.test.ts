import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GrowingBody } from '../../src/rendered/growing.ts';

test('a body that grows is all its pieces, in memory of no more than twice its size', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(pieces, (given) => {
      const body = new GrowingBody();
      for (const piece of given) body.add(Buffer.from(piece));
      const whole = Buffer.concat(given);
      expect(body.byteLength).toBe(whole.byteLength);
      expect(body.whole().equals(whole)).toBe(true);
      expect(body.whole().buffer.byteLength).toBeLessThanOrEqual(
        Math.max(4_096, 2 * whole.byteLength),
      );
    }),
  );
});
