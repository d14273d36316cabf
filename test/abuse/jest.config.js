import root from '../../jest.config.js';

/** @type {import('jest').Config} */
export default {
  ...root,
  testMatch: ['<rootDir>/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
