import root from '../../jest.config.js';

/** Its package has a binary for Linux on x64 alone; npm leaves it out elsewhere. */
const hasGrafbase = process.platform === 'linux' && process.arch === 'x64';

/** @type {import('jest').Config} */
export default {
  ...root,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(hasGrafbase ? [] : ['/test/grafbase.test'])],
  // A router takes seconds to start.
  testTimeout: 60_000,
};
