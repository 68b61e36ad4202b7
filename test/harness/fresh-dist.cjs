// Jest's globalSetup of the projects integration and e2e: the processes that they start come from dist/.
const path = require('node:path');
const { buildIfNeeded } = require('../../bin/steps/build.cjs');

module.exports = () => buildIfNeeded(path.join(__dirname, '..', '..'));
