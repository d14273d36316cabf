import root from '../../../jest.config.js';

/** @type {import('jest').Config} */
export default { ...root, testMatch: ['<rootDir>/suite.ts'] };
