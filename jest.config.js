/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Against the built server: npm run test:abuse.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/abuse/'],
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // The one ships ES modules alone, the other loads http by import(), which jest's sandbox has not.
  transformIgnorePatterns: ['/node_modules/(?!(jose|@opentelemetry)/)'],
  testTimeout: 60_000,
  // Two cores are what the suite is meant for; jest would leave one of them idle.
  maxWorkers: 2,
};
