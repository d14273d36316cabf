import { maybeCacheControlFromInfo } from '@apollo/cache-control-types';
import type { GraphQLResolveInfo } from 'graphql';
import type { UserKey } from '../config.ts';
import { Failure } from '../errors.ts';
import type { Context } from './context.ts';
import { userByReference, type AskedUser } from './user.ts';

interface EntitiesArguments {
  readonly representations: readonly unknown[];
}

/**
 * Answers `_entities` in place of @apollo/subgraph's own resolver, in which one representation of an unknown type, or
 * one throw, loses the whole list. Here it loses its own place: an Error in a list is that place's error to GraphQL.
 */
export function entitiesResolver(userKey: UserKey) {
  return (
    _query: unknown,
    { representations }: EntitiesArguments,
    context: Context,
    info: GraphQLResolveInfo,
  ): (AskedUser | Error)[] => {
    context.allowance.admitUsers(representations.map(keyText), info);
    const userType = info.schema.getType('User');
    const cacheControl = maybeCacheControlFromInfo(info);
    const hint = userType && cacheControl?.cacheHintFromType(userType as never);
    if (hint) cacheControl?.cacheHint.restrict(hint);

    return representations.map((representation) => {
      try {
        return entity(representation, userKey);
      } catch (error) {
        return error as Error;
      }
    });
  };
}

function entity(representation: unknown, userKey: UserKey): AskedUser {
  const reference = Object(representation) as Readonly<Record<string, unknown>>;
  if (reference.__typename !== 'User') {
    throw new Failure('BAD_USER_INPUT', 'This subgraph resolves no entity but User.');
  }
  return userByReference(reference, userKey);
}

/** What of a representation can come back in an answer. */
function keyText(representation: unknown): string {
  const { id, userPrincipalName } = Object(representation) as Readonly<Record<string, unknown>>;
  return [id, userPrincipalName].filter((key) => typeof key === 'string').join('');
}
