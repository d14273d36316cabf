import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of the page's own operations. With a router at hand, its address can stand in for the three files. */
const config: CodegenConfig = {
  schema: [
    '../supergraph/directory/id.graphql',
    '../../schema/machines.graphql',
    '../../schema/user/id.graphql',
  ],
  documents: ['src/**/*.ts'],
  generates: {
    'src/graph/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        federation: true,
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        strictScalars: true,
        scalars: { DateTime: 'string' },
      },
    },
  },
};

export default config;
