import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { makeTempFolder, removeTempFolder } from '../../harness/temp-folder';

/** Debian's package faketime: per process, preloaded. */
export const FAKETIME = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file));

const CHECKS = {
  /** Small file systems of one's own. */
  mount: () => {
    const folder = makeTempFolder('mount');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
      execFileSync('umount', [folder], { stdio: 'ignore' });
    } finally {
      removeTempFolder(folder);
    }
  },
  /** Network namespaces and a packet filter in them. */
  namespaces: () => {
    const name = `trao-try-${process.pid}`;
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' });
    try {
      execFileSync('ip', ['netns', 'exec', name, 'nft', 'list', 'ruleset'], { stdio: 'ignore' });
      execFileSync('ip', ['netns', 'exec', name, 'ip', 'link', 'add', 'try0', 'type', 'veth'], { stdio: 'ignore' });
    } finally {
      execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
    }
  },
  faketime: () => {
    if (FAKETIME === undefined) throw new Error('libfaketimeMT.so.1 is not there');
  },
  /** util-linux: limits of a process that runs. */
  prlimit: () => void execFileSync('prlimit', ['--version'], { stdio: 'ignore' }),
} as const;

export type Need = keyof typeof CHECKS;

const known = new Map<Need, boolean>();

/** Those of the needs that this machine does not meet. */
export function missing(needs: readonly Need[]): Need[] {
  return needs.filter((need) => {
    if (!known.has(need)) known.set(need, works(CHECKS[need]));
    return !known.get(need);
  });
}

function works(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
