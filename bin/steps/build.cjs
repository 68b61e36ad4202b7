const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { CannotStart } = require('./cannot-start.cjs');
const { withLock } = require('./lock.cjs');
const { environment, node24 } = require('./node24.cjs');
const { buildPageFiles } = require('./page-files.cjs');

const FOLDERS = ['apps', 'libs', 'schemas', 'test/bench'];
const FILES = /^(tsconfig.*\.json|nest-cli\.json|package\.json|package-lock\.json)$/;

/** Builds into dist/ when a source differs from what the last successful build saw. */
async function buildIfNeeded(root) {
  if (isBuilt(root)) return;
  await withLock(root, () => {
    if (isBuilt(root)) return;
    process.stderr.write('trao: building\n');
    const stamp = join(root, 'dist', '.stamp');
    // Taken before the build: what changes while it runs must be built again.
    const sources = sourceStates(root);
    const before = readStamp(root);
    rmSync(stamp, { force: true });
    removeOrphans(root, before, sources);
    // The compiler trusts its notes on what it wrote last time; without our stamp nothing vouches for them.
    if (!before) rmSync(join(root, 'dist', '.tsbuildinfo'), { force: true });
    nestBuild(root);
    buildPageFiles(root);
    writeFileSync(stamp, JSON.stringify(sources));
  });
}

function isBuilt(root) {
  const before = readStamp(root);
  if (!before) return false;
  return JSON.stringify(before) === JSON.stringify(sourceStates(root));
}

function readStamp(root) {
  const stamp = join(root, 'dist', '.stamp');
  return existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : undefined;
}

/** Time and size of each source by path: as good as a digest here, and taken in a few milliseconds. */
function sourceStates(root) {
  const states = {};
  const note = (path) => {
    const { mtimeMs, size } = statSync(join(root, path));
    states[path] = `${mtimeMs}:${size}`;
  };
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (!entry.name.endsWith('.spec.ts')) note(path);
    }
  };
  for (const name of readdirSync(root).filter((n) => FILES.test(n))) note(name);
  for (const folder of FOLDERS.filter((f) => existsSync(join(root, f)))) walk(folder);
  return states;
}

/** The compiler never deletes, and what a removed source left in dist/ could still be loaded. */
function removeOrphans(root, before, sources) {
  for (const path of Object.keys(before ?? {}).filter((p) => !(p in sources))) {
    const outputs = path.endsWith('.ts') ? ['.js', '.js.map', '.d.ts'].map((e) => path.replace(/\.ts$/, e)) : [path];
    for (const output of outputs) rmSync(join(root, 'dist', output), { force: true });
  }
}

function nestBuild(root) {
  const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const { status, signal, error } = spawnSync(node24(root), [nest, 'build'], {
    cwd: root,
    env: environment(root),
    stdio: ['ignore', 2, 2],
  });
  if (error) throw new CannotStart(`The compiler cannot be run: ${error.message}`);
  if (status !== 0)
    throw new CannotStart(`The build failed (${signal ?? `exit code ${status}`}); see the faults above.`);
}

module.exports = { buildIfNeeded };
