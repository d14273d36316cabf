import { describe, expect, test } from '@jest/globals';
import { changesBetween } from './changes.ts';
import { machinesSdl, USER_KEYS } from './subgraph.ts';

/** What a change of this text does to a schema that was released as it is now. */
function changing(from: string | RegExp, to: string, userKey: (typeof USER_KEYS)[number] = 'id') {
  const released = machinesSdl(userKey);
  const current = released.replace(from, to);
  expect(current).not.toBe(released);
  return changesBetween(released, current);
}

describe('a change of the schema', () => {
  test.each(USER_KEYS)('is none where nothing was changed, keyed by %s', (userKey) => {
    const sdl = machinesSdl(userKey);
    expect(changesBetween(sdl, sdl)).toEqual({ breaking: [], dangerous: [] });
  });

  test('breaks where a field was removed', () => {
    expect(changing(/ {2}".*"\n {2}computerDnsName: .*\n/, '').breaking).toEqual([
      'Machine.computerDnsName was removed.',
    ]);
  });

  test('breaks where an answer can become null, an argument is required, or a value is gone', () => {
    expect(changing('  cached: Int!', '  cached: Int').breaking).toHaveLength(1);
    expect(changing(/(\n {4}first: Int)\n/, '$1!\n').breaking).toHaveLength(1);
    expect(changing(/ {2}".*"\n {2}INFORMATIONAL\n/, '').breaking).toHaveLength(1);
  });

  test.each([
    ['id', 'id'],
    ['userPrincipalName', 'userPrincipalName'],
    ['id-requires-upn', 'id'],
  ] as const)('breaks where the key of User is gone, keyed by %s', (userKey, key) => {
    const { breaking } = changing(
      `@key(fields: "${key}")`,
      `@key(fields: "${key}", resolvable: false)`,
      userKey,
    );
    expect(breaking).toEqual([
      `User @key(fields: "${key}") was removed: no supergraph can enter by it.`,
    ]);
  });

  test('breaks nothing where a field was added, and warns of a new value of an enum', () => {
    expect(changing('  cached: Int!', '  cached: Int!\n  added: Int')).toEqual({
      breaking: [],
      dangerous: [],
    });
    expect(changing('\n  STALE\n', '\n  STALE\n  GUESSED\n')).toMatchObject({
      breaking: [],
      dangerous: [expect.stringContaining('GUESSED')],
    });
  });
});
