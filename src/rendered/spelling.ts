import type { UserKey } from '../config.ts';
import { NAME_LENGTH } from '../graphql/limits.ts';

/**
 * One text for all that an answer can take from a representation of a user. Undefined for a representation that is not
 * just as a router writes it, and for a text that has another form in JSON.
 */
export function createSpellingOf(
  userKey: UserKey,
): (representation: unknown) => string | undefined {
  const spell = SPELLED[userKey];
  return (representation) => {
    if (typeof representation !== 'object' || representation === null) return undefined;
    const reference = representation as Readonly<Record<string, unknown>>;
    if (reference.__typename !== 'User') return undefined;
    const spelling = spell(reference.id, reference.userPrincipalName);
    if (spelling === undefined || spelling.length > NAME_LENGTH) return undefined;
    return JSON.stringify(spelling) === `"${spelling}"` ? spelling : undefined;
  };
}

type Spell = (id: unknown, userPrincipalName: unknown) => string | undefined;

const SPELLED: Readonly<Record<UserKey, Spell>> = {
  id: (id, userPrincipalName) => only(id, userPrincipalName),
  userPrincipalName: (id, userPrincipalName) => only(userPrincipalName, id),
  // The length keeps the two apart, whatever characters they hold.
  'id-requires-upn': (id, userPrincipalName) =>
    typeof id === 'string' && typeof userPrincipalName === 'string'
      ? `${id.length} ${id} ${userPrincipalName}`
      : undefined,
};

function only(key: unknown, other: unknown): string | undefined {
  return typeof key === 'string' && other === undefined ? key : undefined;
}
