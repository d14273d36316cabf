import { describe, expect, test } from '@jest/globals';
import { bearerToken } from '../../src/auth/bearer.ts';
import { Failure } from '../../src/errors.ts';

/** The last character of 256 bytes in base64url has four spare bits; "g" has none of them set. */
const SIGNATURE = `${'A'.repeat(341)}g`;

const read = (token: string) => {
  try {
    return bearerToken(`Bearer ${token}`);
  } catch (error) {
    return error instanceof Failure ? error.code : error;
  }
};

describe('the token of a request', () => {
  test.each([
    ['a signed one', `e30.e30.${SIGNATURE}`],
    ['an unsigned one', 'e30.e30.'],
    ['an encrypted one', `e30.e30.e30.e30.${SIGNATURE}`],
    ['one that is not a JSON Web Token', 'opaque=='],
  ])('is taken as it is: %s', (_name, token) => {
    expect(read(token)).toBe(token);
  });

  test.each([
    ['padding', `${SIGNATURE}==`],
    ['more padding than there can be', `${SIGNATURE}====`],
    ['spare bits', SIGNATURE.replace(/g$/, 'h')],
    ['the other alphabet', SIGNATURE.replace('A', '+')],
    ['one character too many', 'AAAAA'],
  ])('has one spelling: a signature with %s is refused', (_name, signature) => {
    expect(read(`e30.e30.${signature}`)).toBe('UNAUTHENTICATED');
  });
});
