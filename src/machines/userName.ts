import { Failure } from '../errors.ts';

declare const userName: unique symbol;

/** A bare account name as `GET /api/users/{id}/machines` takes it: lower case, without a domain. */
export type UserName = string & { readonly [userName]: true };

const LONGEST = 256;
const GUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * Reads an account name, a UPN (`user1@contoso.com`) or a down-level logon name (`CONTOSO\user1`): all three, in any
 * letter case, are one user to Defender, which takes the bare name alone.
 * Throws a Failure BAD_USER_INPUT for anything that can't be an account name, so that no call is spent on it.
 */
export function userNameFrom(value: unknown): UserName {
  if (typeof value !== 'string') throw refused('is not a string');
  if (value.length > LONGEST) throw refused(`is longer than ${LONGEST} characters`);
  if (UNPRINTABLE.test(value)) throw refused('holds control characters');
  if (!value.isWellFormed()) throw refused('is not well-formed text');

  const name = withoutSuffix(withoutDomain(value)).trim().toLowerCase().normalize('NFC');
  if (GUID.test(name)) {
    throw refused(
      'looks like a Microsoft Entra object id, which this Defender API does not take. ' +
        'If User is keyed by object id, run this subgraph with USER_KEY=id-requires-upn',
    );
  }
  if (name === '') throw refused('is empty');
  // A name of dots alone would be a step to another path.
  if (/^\.+$/.test(name)) throw refused('consists of dots alone');
  return name as UserName;
}

function withoutDomain(given: string): string {
  if (given.includes('/')) throw refused('holds a path separator');
  const [first = '', second, ...rest] = given.split('\\');
  if (second === undefined) return first;
  if (rest.length > 0 || first === '') throw refused('holds a path separator');
  return second;
}

function withoutSuffix(given: string): string {
  const [name = '', suffix, ...rest] = given.split('@');
  if (rest.length > 0 || suffix === '') throw refused('is not a valid user principal name');
  return name;
}

function refused(why: string): Failure {
  return new Failure(
    'BAD_USER_INPUT',
    `The user name ${why}. Give an account name, a UPN or DOMAIN\\user.`,
  );
}
