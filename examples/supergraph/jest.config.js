import root from '../../jest.config.js';

/** @type {import('jest').Config} */
export default {
  ...root,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // A router takes seconds to start.
  testTimeout: 60_000,
};
