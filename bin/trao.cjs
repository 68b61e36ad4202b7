#!/usr/bin/env node
// The way into Trao for people, npm scripts and CI. It runs on the machine's own Node (20.20 or newer), before anything is
// installed: installs and builds when needed, then hands over to Node 24, which the repository brings along.
//
//   trao COMMAND ...              install, build, run the command-line program
//   trao --build-only             install, build
//   trao --verify [--all] [STEP]  install, build, run all steps of verification, or those named
//
// Whatever it says itself goes to stderr: stdout belongs to the command.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { buildIfNeeded } = require('./steps/build.cjs');
const { CannotStart } = require('./steps/cannot-start.cjs');
const { installIfNeeded } = require('./steps/install.cjs');
const { runCommand } = require('./steps/run-command.cjs');
const { verify } = require('./steps/verify.cjs');

const root = join(__dirname, '..');

async function main([first, ...rest]) {
  // An installed package has no lock file: it comes complete and built.
  if (existsSync(join(root, 'package-lock.json'))) {
    await installIfNeeded(root);
    await buildIfNeeded(root);
  }
  if (first === '--build-only') return 0;
  if (first === '--verify') return verify(root, rest);
  return runCommand(root, first === undefined ? [] : [first, ...rest]);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof CannotStart ? `trao: ${error.message}` : error);
    process.exit(1);
  },
);
