// The unit tests of the libs that are mutated, and nothing else: every mutant runs them.
const path = require('node:path');
const { projects } = require('../../jest.config.cjs');

const unit = projects.find(({ displayName }) => displayName === 'unit');

module.exports = {
  ...unit,
  rootDir: path.join(__dirname, '../..'),
  testMatch: ['<rootDir>/libs/{lifecycle,protection}/**/*.spec.ts'],
};
