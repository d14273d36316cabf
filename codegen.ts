import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * Generated from the two plain key forms at once. Their User types unite into one with both keys, so a reference is
 * typed as holding the one or the other, as a router may send it. The third form has the same fields and needs no types
 * of its own.
 */
const config: CodegenConfig = {
  schema: [
    'schema/machines.graphql',
    'schema/user/id.graphql',
    'schema/user/userPrincipalName.graphql',
  ],
  generates: {
    'src/graphql/generated/resolvers.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        federation: true,
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        avoidOptionals: { defaultValue: true },
        defaultScalarType: 'unknown',
        scalars: { DateTime: 'string' },
        contextType: '../context.ts#Context',
        mappers: {
          Machine: '../../machines/machine.ts#Machine as MappedMachine',
          User: '../user.ts#AskedUser',
          UserMachines: '../user.ts#AskedUser',
        },
      },
    },
  },
};

export default config;
