const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { constants } = require('node:os');
const { join } = require('node:path');
const { CannotStart } = require('./cannot-start.cjs');
const { environment, node24 } = require('./node24.cjs');

/** A terminal, npm and we may all pass on one Ctrl-C: within this time it counts as one. */
const SAME_SIGNAL_MS = 1_000;
const PARENT_CHECK_MS = 500;

/** Runs the command-line program on Node 24; resolves to its exit code, 128 + n when signal n ended it. */
function runCommand(root, args) {
  const program = join(root, 'dist', 'apps', 'cli', 'main.js');
  if (!existsSync(program)) throw new CannotStart(`${program} is missing: the package is not complete.`);
  const child = spawn(node24(root), ['--disable-warning=ExperimentalWarning', program, ...args], {
    env: environment(root),
    // The IPC channel lets a long-running command notice that we were killed with -9.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const lastPassed = {};
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child directly, as to every process in the foreground.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      if (Date.now() - (lastPassed[signal] ?? 0) < SAME_SIGNAL_MS) return;
      lastPassed[signal] = Date.now();
      child.kill(signal);
    });
  }
  if (process.env.npm_lifecycle_event) endWithParent(child);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new CannotStart(`Node 24 cannot be run: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** npm passes a signal on to the shell between it and us, which dies of it without telling us: `timeout 60 npm run demo`. */
function endWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}

module.exports = { runCommand };
