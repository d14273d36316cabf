import { describe, expect, test } from '@jest/globals';
import { Slots } from '../../../src/defender/budget/slots.ts';

describe('Slots', () => {
  test('are held by so many calls at once and no more', () => {
    const slots = new Slots(2);
    slots.hold('ann')(true);
    const first = slots.hold('ann');
    slots.hold('ann');
    expect(slots.mayHold('ann')).toBe(false);
    first(false);
    expect(slots.mayHold('ann')).toBe(true);
  });

  test('go to callers whom Defender has not answered in a quarter only, and to one of them in four at most', () => {
    const slots = new Slots(40);
    for (let call = 0; call < 4; call += 1) slots.hold('stranger');
    expect(slots.mayHold('stranger')).toBe(false);
    for (let call = 0; call < 6; call += 1) slots.hold(`stranger ${call}`);
    expect(slots.mayHold('another stranger')).toBe(false);
  });

  test('are open to a caller once Defender has answered it, and not for a refusal', () => {
    const slots = new Slots(4);
    const refused = slots.hold('ann');
    expect(slots.mayHold('ann')).toBe(false);
    refused(false);
    expect(slots.isProven('ann')).toBe(false);
    slots.hold('ann')(true);
    for (let call = 0; call < 4; call += 1) {
      expect(slots.mayHold('ann')).toBe(true);
      slots.hold('ann');
    }
  });

  test('let at least one stranger in, however few there are', () => {
    expect(new Slots(1).mayHold('stranger')).toBe(true);
  });
});
