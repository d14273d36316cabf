// The rule of the house: a request walks one road, and a file imports forward or beside itself, never back.
const road = ['main', 'preflight', 'server', 'rendered', 'graphql', 'machines', 'defender'];
const leaves = ['auth', 'errors', 'config', 'clouds', 'clock', 'flights', 'redis', 'telemetry'];
const room = (name) => `^src/${name}(/|\\.ts$)`;
const rooms = (names) => `^src/(${names.join('|')})(/|\\.ts$)`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src' }, to: {} },
    ...road.slice(1).map((name, stop) => ({
      name: `never-back-from-${name}`,
      severity: 'error',
      from: { path: room(name) },
      to: { path: rooms(road.slice(0, stop + 1)) },
    })),
    {
      name: 'leaves-import-no-stop',
      severity: 'error',
      from: { path: rooms(leaves) },
      to: { path: rooms(road) },
    },
    {
      name: 'every-file-of-src-has-a-room',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: rooms([...road, ...leaves]) },
    },
    {
      name: 'msal-only-in-exchange',
      severity: 'error',
      from: { pathNot: '^(src/auth/exchange|bench/contestants\\.ts)' },
      to: { path: 'node_modules/@azure/msal-node' },
    },
    {
      name: 'clients-that-not-all-need-load-when-needed',
      comment: 'Those of Redis and of the login authority are a fifth of the work of a start.',
      severity: 'error',
      from: { path: '^src/server\\.ts$' },
      to: {
        path: '^src/(server/sharing|auth/onBehalfOf)\\.ts$',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'production-imports-only-production',
      severity: 'error',
      from: { path: '^src' },
      to: { path: '^(emulator|test|demo|examples|bench)/' },
    },
    {
      name: 'no-development-dependency-in-production',
      severity: 'error',
      from: { path: '^src' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|bench/contestants/dist|examples/web)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
