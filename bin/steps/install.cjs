const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { CannotStart } = require('./cannot-start.cjs');
const { withLock } = require('./lock.cjs');

// npm's own waits between attempts, 10 and 60 s for each of many packages, would make an unreachable registry look like a hang.
const PATIENCE = ['--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=2000'];
const FLAGS = ['--no-json', '--loglevel=error', '--no-audit', '--no-fund', '--include=dev', ...PATIENCE];

/** Installs when node_modules is missing or does not come from this package-lock.json. */
async function installIfNeeded(root) {
  if (isInstalled(root)) return;
  await withLock(root, () => {
    if (isInstalled(root)) return;
    process.stderr.write('trao: installing packages\n');
    npmInstall(root);
    // npm may complete the lock file, so its digest is taken now.
    writeFileSync(marker(root), lockDigest(root));
  });
}

function isInstalled(root) {
  return existsSync(marker(root)) && readFileSync(marker(root), 'utf8') === lockDigest(root);
}

const marker = (root) => join(root, 'node_modules', '.trao-install');

function lockDigest(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** `npm install`, not `npm ci`: that one fails where a registry lacks the optional package of another platform. */
function npmInstall(root) {
  const script = process.env.npm_execpath;
  const underNpm = script !== undefined && basename(script) === 'npm-cli.js';
  const [command, args] = underNpm ? [process.execPath, [script]] : ['npm', []];
  const { status, signal, error } = spawnSync(command, [...args, 'install', ...FLAGS], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && !underNpm,
  });
  if (error) throw new CannotStart(`npm cannot be run: ${error.message}`);
  if (status === 0) return;
  throw new CannotStart(
    `npm install ended with ${signal ?? `exit code ${status}`}; its own message is above. ` +
      'The packages come from the registry that "npm config get registry" names: is it reachable from here?',
  );
}

module.exports = { installIfNeeded };
