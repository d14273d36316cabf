import root from '../../jest.config.js';

/** @type {import('jest').Config} */
export default {
  ...root,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // An hour and a half of the notebook's time; and a kernel takes seconds to start.
  testTimeout: 240_000,
};
