import { describe, expect, test } from '@jest/globals';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  visit,
  type GraphQLNamedType,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import { machinesSdl, machinesTypeDefs, USER_KEYS } from './subgraph.ts';

/** The federation library adds these; everything else is ours to describe. */
const isFederations = (name: string) => name.startsWith('_') || name.includes('__');

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

function partsOf(type: GraphQLNamedType): readonly (readonly [string, Described])[] {
  if (isEnumType(type)) {
    return type.getValues().map((value) => [`${type.name}.${value.name}`, value] as const);
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field]);
  }
  if (!isObjectType(type)) {
    return [];
  }
  return Object.values(type.getFields())
    .filter(({ name }) => !isFederations(name))
    .flatMap((field) => [
      [`${type.name}.${field.name}`, field] as const,
      ...field.args.map((arg) => [`${type.name}.${field.name}(${arg.name}:)`, arg] as const),
    ]);
}

function objectType(name: string): ObjectTypeDefinitionNode {
  const found = machinesTypeDefs('id').definitions.find(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === name,
  );
  if (found?.kind !== Kind.OBJECT_TYPE_DEFINITION) {
    throw new Error(`The schema has no type ${name}`);
  }
  return found;
}

describe.each(USER_KEYS)('the schema with a User keyed by %s', (userKey) => {
  const schema = buildSubgraphSchema({ typeDefs: machinesTypeDefs(userKey) });
  const types = Object.values(schema.getTypeMap()).filter(
    (type) =>
      !isIntrospectionType(type) && !isSpecifiedScalarType(type) && !isFederations(type.name),
  );

  test('describes every type, field, argument and enum value', () => {
    const described = types.flatMap((type) => [[type.name, type] as const, ...partsOf(type)]);
    expect(described.map(([path]) => path)).toEqual(
      expect.arrayContaining([
        'User.machines(first:)',
        'MachineFilter.riskScore',
        'RiskScore.HIGH',
      ]),
    );
    const bare = described.filter(([, { description }]) => !description?.trim());
    expect(bare.map(([path]) => path)).toEqual([]);
  });

  test('lets nobody but the caller keep an answer', () => {
    const scopes: unknown[] = [];
    visit(machinesTypeDefs(userKey), {
      Directive({ name, arguments: args = [] }) {
        if (name.value === 'cacheControl') {
          const scope = args.find((arg) => arg.name.value === 'scope')?.value;
          scopes.push(scope?.kind === Kind.ENUM ? scope.value : undefined);
        }
      },
    });
    expect(new Set(scopes)).toEqual(new Set(['PRIVATE']));
  });

  test('asks composers for federation 2.9 at most', () => {
    const links = [...machinesSdl(userKey).matchAll(/federation\/v2\.(\d+)/g)];
    expect(links).toHaveLength(1);
    expect(Number(links[0]?.[1])).toBeLessThanOrEqual(9);
  });

  test('gives User and UserMachines the same three fields', () => {
    const printed = (name: string) => {
      const type = schema.getType(name);
      return isObjectType(type)
        ? ['machines', 'machineCount', 'machinesFreshness'].map((field) => {
            const { args, type: returned, description } = type.getFields()[field] ?? {};
            return [
              field,
              String(returned),
              description,
              args?.map((arg) => `${arg.name}: ${arg.type.toString()}`),
            ];
          })
        : undefined;
    };
    expect(printed('User')).toEqual(printed('UserMachines'));
  });
});

describe('Machine', () => {
  const schema = buildSubgraphSchema({ typeDefs: machinesTypeDefs('id') });
  const machine = schema.getType('Machine');
  const fields = isObjectType(machine) ? Object.values(machine.getFields()) : [];

  test('is a reference for other subgraphs, which this one does not resolve', () => {
    const key = objectType('Machine').directives?.find(({ name }) => name.value === 'key');
    const resolvable = key?.arguments?.find(({ name }) => name.value === 'resolvable')?.value;
    expect(resolvable).toMatchObject({ kind: Kind.BOOLEAN, value: false });
  });

  test('has every property that the Defender API gives', () => {
    expect(fields.map(({ name }) => name).toSorted()).toEqual(
      [
        'aadDeviceId agentVersion computerDnsName defenderAvStatus deviceValue exclusionReason exposureLevel',
        'firstSeen healthStatus id ipAddresses isAadJoined isExcluded isPotentialDuplication lastExternalIpAddress',
        'lastIpAddress lastSeen machineTags managedBy managedByStatus mergedIntoMachineId onboardingStatus',
        'osArchitecture osBuild osPlatform osProcessor osVersion rbacGroupId rbacGroupName riskScore version',
        'vmMetadata',
      ]
        .join(' ')
        .split(' '),
    );
  });

  test('can lack every property but the id', () => {
    const required = fields.filter(({ type }) => isNonNullType(type)).map(({ name }) => name);
    expect(required).toEqual(['id']);
  });

  test('has an UNKNOWN in every enum, for a value that Defender adds', () => {
    const enums = fields.map(({ type }) => getNamedType(getNullableType(type))).filter(isEnumType);
    expect(enums).toHaveLength(7);
    expect(enums.filter((type) => !type.getValue('UNKNOWN'))).toEqual([]);
  });
});
