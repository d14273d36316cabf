import {
  Kind,
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { Failure } from '../errors.ts';

/** Fields of users that a request may ask for, for each user that it may name: an error in each takes 0.04 ms. */
const MOST_FIELDS_PER_USER = 10;
/** However few users a request may name. */
const LEAST_FIELDS = 1_000;
/** Values of devices that a request may ask for: 50,000 devices with 40 each. One takes 0.003 ms. */
const MOST_DEVICE_VALUES = 2_000_000;
/** A field with a longer name in it counts as several: the name comes back with each alias. */
export const NAME_LENGTH = 256;
/** A value of an argument is read for each user, and takes about a tenth of the time of a field. */
const ARGUMENT = 0.1;

/**
 * What one request may still ask for. A few hundred kilobytes of aliases over thousands of users would keep the process
 * busy for minutes and fill its memory, and need no token for it.
 */
export interface Allowance {
  /** Throws a Failure BAD_USER_INPUT once the request names too many users, or wants too many fields of them. */
  admitUsers(names: readonly string[], info: GraphQLResolveInfo): void;
  /** Throws a Failure BAD_USER_INPUT once the request wants too many values of devices. */
  admitMachines(machines: number, info: GraphQLResolveInfo): void;
}

export function createAllowance(mostUsers: number): Allowance {
  const fieldsOf = createScales(asOneField);
  const valuesOf = createScales(withAllBelow);
  const mostFields = mostFieldsFor(mostUsers);
  let users = 0;
  let fields = 0;
  let values = 0;

  return {
    admitUsers(names, info) {
      users += names.length;
      if (users > mostUsers) throw tooMany(`${mostUsers} users (MAX_USERS_PER_REQUEST)`, 'names');
      const lengths = names.reduce((sum, { length }) => sum + Math.ceil(length / NAME_LENGTH), 0);
      fields += Math.max(lengths, names.length) * fieldsOf(info);
      if (fields > mostFields) throw tooMany(`${mostFields} fields of users`, 'asks for');
    },
    admitMachines(machines, info) {
      values += machines * valuesOf(info);
      if (values > MOST_DEVICE_VALUES) {
        throw tooMany(`${MOST_DEVICE_VALUES} values of devices`, 'asks for');
      }
    },
  };
}

/** What is selected of users under some field: for each of them, and at most for each of their devices. */
export interface Weights {
  readonly fieldsOfUser: number;
  readonly valuesOfMachine: number;
}

export function weightsOf(selected: Selected): Weights {
  return {
    fieldsOfUser: createScales(asOneField)(selected),
    valuesOfMachine: createScales(withAllBelow)(selected),
  };
}

/** Whether so much of users with short names is within all limits, for certain. */
export function isWithinLimits(
  { fieldsOfUser, valuesOfMachine }: Weights,
  asked: { readonly users: number; readonly machines: number },
  mostUsers: number,
): boolean {
  return (
    asked.users <= mostUsers &&
    asked.users * fieldsOfUser <= mostFieldsFor(mostUsers) &&
    asked.machines * valuesOfMachine <= MOST_DEVICE_VALUES
  );
}

function mostFieldsFor(mostUsers: number): number {
  return Math.max(LEAST_FIELDS, mostUsers * MOST_FIELDS_PER_USER);
}

function asOneField(_below: number, weight: number): number {
  return weight;
}

function withAllBelow(below: number, weight: number): number {
  return weight + below;
}

function tooMany(most: string, verb: string): Failure {
  return new Failure('BAD_USER_INPUT', `The request ${verb} more than ${most}. Split it.`);
}

/** Fields of a document, with the fragments that they spread. */
type Selected = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/**
 * Weighs what is selected below a field. `sum` adds what a selected field weighs by itself to what is below it. Each
 * selection set is weighed once; a fragment that is spread twice counts twice.
 */
function createScales(sum: (below: number, weight: number) => number) {
  const known = new Map<SelectionSetNode, number>();

  return ({ fieldNodes, fragments }: Selected): number => {
    const weigh = (set: SelectionSetNode | undefined): number => {
      if (!set) return 0;
      const weight = known.get(set) ?? total(set.selections, ofSelection);
      known.set(set, weight);
      return weight;
    };
    const ofSelection = (selection: SelectionNode): number => {
      if (selection.kind === Kind.FIELD)
        return sum(weigh(selection.selectionSet), ofField(selection));
      if (selection.kind === Kind.INLINE_FRAGMENT) return weigh(selection.selectionSet);
      return weigh(fragments[selection.name.value]?.selectionSet);
    };
    return total(fieldNodes, ({ selectionSet }) => weigh(selectionSet));
  };
}

function ofField({ alias, arguments: given = [] }: FieldNode): number {
  const length = Math.ceil((alias?.value.length ?? 1) / NAME_LENGTH);
  return length + ARGUMENT * total(given, ({ value }) => ofValue(value));
}

function ofValue(value: ValueNode): number {
  if (value.kind === Kind.LIST) return 1 + total(value.values, ofValue);
  if (value.kind === Kind.OBJECT) return 1 + total(value.fields, (field) => ofValue(field.value));
  return 1;
}

function total<T>(parts: readonly T[], weigh: (part: T) => number): number {
  return parts.reduce((sum, part) => sum + weigh(part), 0);
}
