import { execFileSync, spawnSync } from 'node:child_process';
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

/** The program that each need rests on; whether it may do its work is up to the machine. */
const PROGRAMS: Readonly<Record<Need, string>> = {
  mount: 'mount',
  namespaces: 'nft',
  faketime: 'faketime',
  prlimit: 'prlimit',
};

/** Those of the needs whose programs are not installed: which is a fault where they are to be, in CI. */
export const notInstalled = (needs: readonly Need[]): Need[] =>
  needs.filter((need) => spawnSync('which', [PROGRAMS[need]], { stdio: 'ignore' }).status !== 0);

/** Those of the needs that this machine does not meet, also where a container does not let its root mount or make networks. */
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
