import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instantOf, isDateTime } from '../../src/machines/instant.ts';

const TICKS_A_SECOND = 10_000_000n;

/** A text, and the ticks that it stands for by arithmetic alone. */
const dateTime = fc
  .record({
    second: fc.integer({
      min: Date.parse('0000-01-02T00:00:00Z') / 1_000,
      max: Date.UTC(9999, 11, 31) / 1_000,
    }),
    digits: fc.stringMatching(/^\d{0,7}$/),
    offsetMinutes: fc.integer({ min: -720, max: 720 }),
    zulu: fc.boolean(),
    lower: fc.boolean(),
  })
  .map(({ second, digits, offsetMinutes, zulu, lower }) => {
    const offset = zulu ? 0 : offsetMinutes;
    const local = new Date(second * 1_000 + offset * 60_000).toISOString().slice(0, 19);
    const fraction = digits && `.${digits}`;
    const text = `${local}${fraction}${zulu ? 'Z' : numericOffset(offset)}`;
    const ticks = BigInt(second) * TICKS_A_SECOND + BigInt(digits.padEnd(7, '0'));
    return { text: lower ? text.toLowerCase() : text, ticks };
  })
  .filter(({ text }) => /^\d{4}-/.test(text));

function numericOffset(minutes: number): string {
  const pair = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pair(Math.floor(size / 60))}:${pair(size % 60)}`;
}

describe('an instant', () => {
  test('is the number of 100 nanoseconds since the epoch, whatever the offset, digits and letter case', () => {
    fc.assert(
      fc.property(dateTime, ({ text, ticks }) => {
        expect(instantOf(text)).toBe(ticks);
        expect(isDateTime(text)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is where a date and time is, and nowhere else', () => {
    const pair = fc.integer({ min: 0, max: 65 }).map((value) => String(value).padStart(2, '0'));
    const almost = fc
      .tuple(fc.integer({ min: 2023, max: 2024 }), pair, pair, pair, pair, pair)
      .chain(([year, month, day, hour, minute, second]) =>
        fc.constantFrom('Z', '.1Z', '.Z', 'z', '+01:00', '', ' Z').map((end) => {
          return `${year}-${month}-${day}T${hour}:${minute}:${second}${end}`;
        }),
      );
    fc.assert(
      fc.property(
        fc.oneof(
          almost,
          dateTime.map(({ text }) => text),
        ),
        (text) => {
          expect(isDateTime(text)).toBe(instantOf(text) !== undefined);
        },
      ),
      { numRuns: 1_000 },
    );
    for (let day = 0; day <= 32; day += 1) {
      const text = `2023-02-${String(day).padStart(2, '0')}T00:00:00Z`;
      expect(isDateTime(text)).toBe(day >= 1 && day <= 28);
    }
  });

  test('tells seventh digits apart, which a Date does not', () => {
    const [earlier, later] = ['2025-02-03T04:05:06.1234567Z', '2025-02-03T04:05:06.1234568Z'];
    expect(Date.parse(earlier)).toBe(Date.parse(later));
    expect(instantOf(later)).toBe((instantOf(earlier) ?? 0n) + 1n);
  });

  test.each([
    ['2025-01-02T03:04:05Z', '2025-01-02T05:04:05+02:00'],
    ['2025-01-02T03:04:05.100000Z', '2025-01-02T03:04:05.1Z'],
    ['2025-01-01T23:30:00Z', '2025-01-02t00:00:00+00:30'],
    ['0000-01-01T00:30:00Z', '0000-01-01T01:00:00+00:30'],
  ])('is one for %s and %s', (one, other) => {
    expect(instantOf(one)).toBeDefined();
    expect(instantOf(one)).toBe(instantOf(other));
  });

  test('stays in order over the edges of four-digit years', () => {
    const past = instantOf('0000-01-01T00:00:00+01:00') ?? 0n;
    const future = instantOf('9999-12-31T23:59:59-01:00') ?? 0n;
    expect(past < (instantOf('0000-01-01T00:00:00Z') ?? 0n)).toBe(true);
    expect(future > (instantOf('9999-12-31T23:59:59Z') ?? 0n)).toBe(true);
  });

  test.each([
    '',
    '2025',
    '2025-01-02',
    'March 7, 2025',
    '2025-01-02T03:04:05',
    '2025-01-02 03:04:05Z',
    '2025-01-02T03:04:05.Z',
    '2025-01-02T03:04:05+02',
    '2025-01-02T03:04:05+99:99',
    '2025-13-02T03:04:05Z',
    '2025-02-30T03:04:05Z',
    '2025-01-01T24:00:00Z',
    '2025-01-02T03:04:61Z',
    ' 2025-01-02T03:04:05Z',
    '+002025-01-02T03:04:05Z',
  ])('is none for %p', (text) => {
    expect(instantOf(text)).toBeUndefined();
    expect(isDateTime(text)).toBe(false);
  });
});
