const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

/**
 * Runs `work` while no other process of this checkout does: two installs or builds at once would spoil each other.
 * The lock is a folder that holds its owner's process id; a lock whose owner is dead is taken over.
 */
async function withLock(root, work) {
  const cache = join(root, '.cache');
  const lock = join(cache, 'prepare.lock');
  const draft = join(cache, `prepare.${process.pid}`);
  mkdirSync(draft, { recursive: true });
  writeFileSync(join(draft, 'pid'), String(process.pid));
  let told = false;
  // Renaming a filled folder on a filled one fails, so the lock appears complete or not at all.
  while (!tryRename(draft, lock)) {
    const owner = ownerOf(lock);
    if (owner !== undefined && !isAlive(owner)) {
      takeAway(lock, owner, cache);
      continue;
    }
    if (!told) process.stderr.write(`trao: waiting for process ${owner ?? '?'}, which installs or builds here\n`);
    told = true;
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Removes a dead owner's lock. When another process was faster, what we took is its fresh lock: that one is put back. */
function takeAway(lock, owner, cache) {
  const aside = join(cache, `stale.${process.pid}`);
  if (!tryRename(lock, aside)) return;
  if (ownerOf(aside) !== owner && tryRename(aside, lock)) return;
  rmSync(aside, { recursive: true, force: true });
}

function tryRename(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOENT'].includes(error.code)) return false;
    throw error;
  }
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

module.exports = { withLock };
