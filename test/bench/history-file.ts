import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineOf, readHistory, type HistoryLine, type Recorded } from './history';

/** The benchmark runs from dist/test/bench; the history lies with the sources. */
const ROOT = join(__dirname, '..', '..', '..');
const FILE = join(ROOT, 'docs', 'reference', 'bench-history.jsonl');

export const storedHistory = (): HistoryLine[] => (existsSync(FILE) ? readHistory(readFileSync(FILE, 'utf8')) : []);

/** Appends a run. @returns where */
export function record(run: Omit<Recorded, 'at' | 'commit'>): string {
  appendFileSync(FILE, lineOf({ ...run, at: new Date(), commit: commitOf(ROOT) }));
  return FILE;
}

/** Which sources were measured: the short hash, with `+` when they have changes. Undefined where git does not tell. */
function commitOf(root: string): string | undefined {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'apps', 'libs', 'test/bench') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return undefined;
  }
}
