// The unit tests that answer for the part that is mutated, and nothing else: every mutant runs them.
const path = require('node:path');
const { projects } = require('../../jest.config.cjs');
const { PARTS, PART_VARIABLE } = require('./parts.cjs');

const unit = projects.find(({ displayName }) => displayName === 'unit');

module.exports = {
  ...unit,
  rootDir: path.join(__dirname, '../..'),
  testMatch: PARTS[process.env[PART_VARIABLE]].specs.map((spec) => `<rootDir>/${spec}`),
};
