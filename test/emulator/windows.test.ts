import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RateWindows } from '../../emulator/windows.ts';

describe('the windows', () => {
  test('never let more than their limit through in any minute and in any hour', () => {
    const gaps = fc.array(fc.oneof(fc.nat(2_000), fc.nat(90_000), fc.nat(2_000_000)), {
      maxLength: 200,
    });
    const limits = fc.record({
      perMinute: fc.integer({ min: 1, max: 6 }),
      perHour: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(gaps, limits, (waits, { perMinute, perHour }) => {
        let now = 0;
        const windows = new RateWindows({ perMinute, perHour }, () => now);
        const passed: number[] = [];
        for (const wait of waits) {
          now += wait;
          if (!windows.admit('app')) passed.push(now);
        }
        const most = (length: number) =>
          Math.max(
            0,
            ...passed.map((from) => passed.filter((at) => at >= from && at < from + length).length),
          );
        expect(most(60_000)).toBeLessThanOrEqual(perMinute);
        expect(most(3_600_000)).toBeLessThanOrEqual(perHour);
      }),
    );
  });

  test('let a call through once the Retry-After of a refusal has passed, and none before', () => {
    const gaps = fc.array(fc.nat(70_000), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(
        gaps,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (waits, part) => {
          let now = 0;
          const windows = new RateWindows({ perMinute: 2, perHour: 30 }, () => now);
          for (const wait of waits) {
            now += wait;
            const refused = windows.admit('app');
            if (!refused) continue;
            const until = now + refused.retryAfterSeconds * 1000;
            now += Math.floor(part * refused.retryAfterSeconds * 1000);
            expect(windows.admit('app')).toMatchObject({ tooEarly: true });
            now = until;
            expect(windows.admit('app')).toBeUndefined();
          }
        },
      ),
    );
  });

  test('name the window that is full', () => {
    let now = 0;
    const windows = new RateWindows({ perMinute: 2, perHour: 3 }, () => now);
    windows.admit('app');
    windows.admit('app');
    expect(windows.admit('app')?.message).toContain('maximum allowed 2 per 00:01:00');
    now = 60_000;
    windows.admit('app');
    expect(windows.admit('app')).toMatchObject({
      message: expect.stringContaining('maximum allowed 3 per 01:00:00'),
      retryAfterSeconds: 3_540,
    });
    expect(windows.admit('another')).toBeUndefined();
  });
});
