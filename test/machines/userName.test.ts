import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/errors.ts';
import { userNameFrom } from '../../src/machines/userName.ts';

/** The name that is made of a value, or the failure that refuses it. */
function read(value: unknown): string | Failure {
  try {
    return userNameFrom(value);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function refusal(value: unknown): string {
  const failure = read(value);
  expect(failure).toMatchObject({ code: 'BAD_USER_INPUT' });
  return (failure as Failure).message;
}

describe('a user name', () => {
  test.each([
    'user1',
    'USER1',
    'user1@contoso.com',
    'CONTOSO\\user1',
    ' user1\u00a0',
    'User1@EU.contoso.com',
    'contoso\\USER1@contoso.com',
    'CONTOSO\\ user1',
    'user1 @contoso.com',
  ])('is the bare account name in lower case for %p', (given) => {
    expect(userNameFrom(given)).toBe('user1');
  });

  test.each([
    ["Sean.O'Brien", "sean.o'brien"],
    ['Jo\u0308rg', 'j\u00f6rg'],
    ['a b', 'a b'],
    ['.user', '.user'],
    ['svc$', 'svc$'],
    ['guest_mail.com#EXT#@contoso.onmicrosoft.com', 'guest_mail.com#ext#'],
    ['50%', '50%'],
    ['日本', '日本'],
    // Only the small letter has a composed form.
    ['J\u030c', '\u01f0'],
  ])('keeps what an account name may hold: %p', (given, expected) => {
    expect(userNameFrom(given)).toBe(expected);
  });

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['@contoso.com', 'empty'],
    ['CONTOSO\\', 'empty'],
    ['CONTOSO\\ @contoso.com', 'empty'],
    ['x'.repeat(257), 'longer than 256 characters'],
    ['user\u00001', 'control characters'],
    ['user1\n', 'control characters'],
    ['user\u200b1', 'control characters'],
    ['user\u202e1', 'control characters'],
    ['a/b', 'path separator'],
    ['../user1', 'path separator'],
    ['user1@contoso.com/x', 'path separator'],
    ['a\\b\\c', 'path separator'],
    ['\\user1', 'path separator'],
    ['..', 'dots alone'],
    ['.', 'dots alone'],
    ['CONTOSO\\..', 'dots alone'],
    ['CONTOSO\\ .. @contoso.com', 'dots alone'],
    ['a@b@c', 'not a valid user principal name'],
    ['user1@', 'not a valid user principal name'],
    ['\ud800', 'not well-formed'],
    [7, 'not a string'],
    [null, 'not a string'],
    [undefined, 'not a string'],
    [{ toString: () => 'user1' }, 'not a string'],
    [['user1'], 'not a string'],
  ])('is refused for %p: %s', (given, why) => {
    expect(refusal(given)).toContain(why);
  });

  test.each([
    '6f9619ff-8b86-d011-b42d-00c04fc964ff',
    '6F9619FF-8B86-D011-B42D-00C04FC964FF',
    '{6f9619ff-8b86-d011-b42d-00c04fc964ff}',
    ' 6f9619ff-8b86-d011-b42d-00c04fc964ff ',
    '6f9619ff-8b86-d011-b42d-00c04fc964ff@contoso.com',
  ])('is no object id, and its refusal says what to set instead: %p', (given) => {
    expect(refusal(given)).toContain('looks like a Microsoft Entra object id');
    expect(refusal(given)).toContain('USER_KEY=id-requires-upn');
  });

  test('of 256 characters is taken', () => {
    expect(userNameFrom('x'.repeat(256))).toHaveLength(256);
  });
});

const part = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    '.',
    '..',
    '/',
    '\\',
    '@',
    '%2e',
    '%2F',
    '?',
    '#',
    ';',
    ':',
    ' ',
    '\u2215',
    '\r\n',
  ),
  fc.constantFrom('user1', 'CONTOSO', 'contoso.com', '6f9619ff-8b86-d011-b42d-00c04fc964ff'),
);
const text = fc.oneof(
  part,
  fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')),
);

describe('whatever is given as a user name', () => {
  test('it is refused with BAD_USER_INPUT, or makes one segment that stays in its place', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.jsonValue()), (value) => {
        const name = read(value);
        if (name instanceof Failure) {
          expect(name.code).toBe('BAD_USER_INPUT');
          return;
        }
        const path = `/api/users/${encodeURIComponent(name)}/machines`;
        expect(path).toMatch(/^\/api\/users\/[^/?#\\\s]+\/machines$/);
        // A URL takes out steps such as ".." and "%2e%2e", however they are written.
        expect(new URL(path, 'https://host').pathname).toBe(path);
      }),
      { numRuns: 2_000 },
    );
  });

  test('reading its name again changes nothing', () => {
    fc.assert(
      fc.property(text, (value) => {
        const name = read(value);
        if (name instanceof Failure) return;
        expect(name).toBe(name.trim());
        expect(read(name)).toBe(name);
      }),
      { numRuns: 1_000 },
    );
  });

  test('its four spellings are one name', () => {
    const account = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9._' -]{0,30}[a-zA-Z0-9]$/);
    fc.assert(
      fc.property(account, (name) => {
        const spellings = [name, name.toUpperCase(), `${name}@contoso.com`, `CONTOSO\\${name}`];
        expect(new Set(spellings.map(read))).toEqual(new Set([name.toLowerCase()]));
      }),
    );
  });
});
