import type { UserKey } from '../config.ts';
import { Failure } from '../errors.ts';
import { userNameFrom, type UserName } from '../machines/userName.ts';

/** A user as somebody asked for them: a router by a key, or a client by name. */
export interface AskedUser {
  readonly __typename: 'User' | 'UserMachines';
  readonly id?: string;
  readonly userPrincipalName?: string;
  /** As it was asked for. */
  readonly userName: string;
  /** Whom to ask Defender for, or why nobody can be asked for. */
  readonly account: UserName | Failure;
}

export function userByName(userName: string): AskedUser {
  return { __typename: 'UserMachines', userName, account: accountOf(userName) };
}

/**
 * The User that a representation stands for: always a fresh object. Throws a Failure BAD_USER_INPUT where the key is
 * missing or no text, so that not even the entity can be answered.
 */
export function userByReference(
  reference: Readonly<Record<string, unknown>>,
  userKey: UserKey,
): AskedUser {
  if (userKey === 'userPrincipalName') {
    const userPrincipalName = keyText(reference, 'userPrincipalName');
    const account = accountOf(userPrincipalName);
    return { __typename: 'User', userPrincipalName, userName: userPrincipalName, account };
  }
  const id = keyText(reference, 'id');
  if (userKey === 'id') return { __typename: 'User', id, userName: id, account: accountOf(id) };

  const { userPrincipalName } = reference;
  return { __typename: 'User', id, userName: id, account: requiredAccount(userPrincipalName) };
}

function keyText(reference: Readonly<Record<string, unknown>>, key: string): string {
  const value = reference[key];
  if (typeof value === 'string') return value;
  throw new Failure(
    'BAD_USER_INPUT',
    `A User representation needs "${key}" as text: USER_KEY of this subgraph says that this is the key.`,
  );
}

function requiredAccount(userPrincipalName: unknown): UserName | Failure {
  if (typeof userPrincipalName === 'string') return accountOf(userPrincipalName);
  return new Failure(
    'BAD_USER_INPUT',
    'This user has no userPrincipalName, by which Defender could be asked. The subgraph that owns User must give one.',
  );
}

function accountOf(name: string): UserName | Failure {
  try {
    return userNameFrom(name);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
