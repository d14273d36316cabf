import { maybeCacheControlFromInfo } from '@apollo/cache-control-types';
import type { GraphQLResolveInfo } from 'graphql';
import type { UserKey } from '../config.ts';
import { Failure } from '../errors.ts';
import { filtered } from '../machines/filter.ts';
import { ordered } from '../machines/order.ts';
import type { Sighting } from '../machines/sighting.ts';
import type { Context } from './context.ts';
import { dateTime } from './dateTime.ts';
import type { ShowDevices } from './deviceValues.ts';
import { entitiesResolver } from './entities.ts';
import type { Resolvers } from './generated/resolvers.ts';
import { userByName } from './user.ts';

/** The three fields that a user has wherever a user appears; all variants and aliases of them share one sighting. */
const fieldsOfUser = (show: ShowDevices) =>
  ({
    machines: async (user, { filter, orderBy, first, offset }, context, info) => {
      const skip = atLeastZero('offset', offset) ?? 0;
      const most = atLeastZero('first', first) ?? Infinity;
      const sighting = await context.sightingOf(user);
      tellMaxAge(sighting, context, info);
      const { machines } = sighting;
      if (!machines) return null;
      const asked = ordered(filtered(machines, filter), orderBy).slice(skip, skip + most);
      context.allowance.admitMachines(asked.length, info);
      return show(asked, context.projections, info);
    },
    machineCount: async (user, { filter }, context, info) => {
      const sighting = await context.sightingOf(user);
      tellMaxAge(sighting, context, info);
      return sighting.machines && filtered(sighting.machines, filter).length;
    },
    machinesFreshness: async (user, _arguments, context, info) => {
      const sighting = await context.sightingOf(user);
      tellMaxAge(sighting, context, info);
      const { readAt, source, complete } = sighting;
      return { asOf: dateTimeOf(readAt), source, complete };
    },
  }) satisfies Resolvers['User'] & Resolvers['UserMachines'];

export function createResolvers(userKey: UserKey, show: ShowDevices) {
  return {
    DateTime: dateTime,
    Query: {
      _entities: entitiesResolver(userKey),
      machinesByUser: (_query, { userNames }, context, info) => {
        context.allowance.admitUsers(userNames, info);
        return userNames.map(userByName);
      },
      defenderBudget: async (_query, _arguments, context) => {
        const { minute, hour, pausedUntil } = await context.budget();
        return {
          minute: { ...minute, resetsAt: dateTimeOf(minute.resetsAt) },
          hour: { ...hour, resetsAt: dateTimeOf(hour.resetsAt) },
          pausedUntil: pausedUntil === undefined ? null : dateTimeOf(pausedUntil),
        };
      },
      defenderEstimate: async (_query, { userNames }, context, info) => {
        context.allowance.admitUsers(userNames, info);
        const { readyAt, ...counts } = await context.estimate(userNames);
        return { ...counts, readyAt: dateTimeOf(readyAt) };
      },
    },
    User: fieldsOfUser(show),
    UserMachines: fieldsOfUser(show),
  } satisfies Resolvers & { Query: { _entities: unknown } };
}

/** An answer may be kept for as long as this service itself would keep it, and by its caller alone. */
function tellMaxAge({ freshUntil }: Sighting, context: Context, info: GraphQLResolveInfo): void {
  const maxAge = Math.max(0, Math.floor((freshUntil - context.now()) / 1_000));
  maybeCacheControlFromInfo(info)?.cacheHint.restrict({ maxAge, scope: 'PRIVATE' });
}

function dateTimeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function atLeastZero(argument: string, value: number | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (value >= 0) return value;
  throw new Failure('BAD_USER_INPUT', `"${argument}" must be zero or more.`);
}
