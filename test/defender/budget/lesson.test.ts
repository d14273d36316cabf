import { describe, expect, test } from '@jest/globals';
import { limitIn, pauseOf } from '../../../src/defender/budget/lesson.ts';

describe('The pause after a 429', () => {
  test.each([
    ['lasts for Retry-After', 12_345, 12_345],
    ['lasts a second where Retry-After is shorter', 0, 1_000],
    ['lasts an hour where Retry-After is longer', 86_400_000, 3_600_000],
    ['lasts half a minute where there is no Retry-After', undefined, 30_000],
  ])('%s', (_, retryAfter, pause) => {
    expect(pauseOf(retryAfter, () => 0)).toBe(pause);
  });

  test('is spread, but never shortened', () => {
    expect(pauseOf(12_000, () => 0.999)).toBeGreaterThan(12_500);
    expect(pauseOf(12_000, () => 0.999)).toBeLessThanOrEqual(13_000);
  });
});

describe('The limit in the message of a 429', () => {
  test.each([
    ['API calls quota exceeded! maximum allowed 60 per 00:01:00. Retry later.', 'minute', 60],
    ['quota exceeded, Maximum allowed 900 per 01:00:00', 'hour', 900],
  ])('is read from %j', (message, window, limit) => {
    expect(limitIn(message)).toEqual({ window, limit });
  });

  test.each([
    '',
    'Too many requests',
    'maximum allowed 0 per 00:01:00',
    'maximum allowed 5 per 00:00:10',
    'maximum allowed -5 per 00:01:00',
    'maximum allowed 9999999999 per 00:01:00',
  ])('is not read from %j', (message) => {
    expect(limitIn(message)).toBeUndefined();
  });
});
