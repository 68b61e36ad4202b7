import { linesOfProfile } from './profile-report';
import { batchSizesOf, shortened, type StatementRow } from './statements';

const CLAIM =
  'WITH batch AS (INSERT INTO work_batch (id) SELECT $1) UPDATE inbox t SET batch = $4 FROM chosen c RETURNING t.id';
const row = (query: string, calls: number, rows: number): StatementRow => ({
  role: 'trao_gb_worker',
  calls,
  totalMs: 20,
  planMs: 2,
  rows,
  walBytes: 1000,
  query,
});

describe('statements', () => {
  it('finds the claims among them, by table', () => {
    expect(batchSizesOf([row('SELECT 1', 5, 5), row(CLAIM, 4, 48)])).toEqual([
      { role: 'trao_gb_worker', table: 'inbox', calls: 4, rows: 48 },
    ]);
  });

  it('are shown on one line', () => {
    expect(shortened('SELECT  a,\n   b', 20)).toBe('SELECT a, b');
    expect(shortened('SELECT a, b', 8)).toBe('SELECT …');
  });
});

describe('profile', () => {
  it('is told for each message, with shares set to the CPU of the main thread', () => {
    const functions = [{ what: 'seal libs/envelope/seal.js:1', ms: 40 }];
    const lines = linesOfProfile(
      'Profile',
      {
        processes: [
          { name: 'vn-office', threads: { main: 20 }, busyMs: 80, functions, modules: [], within: [] },
          { name: 'gb-office', threads: { main: 0 }, busyMs: 80, functions, modules: [], within: [] },
        ],
        backends: { trao_gb_worker: 30 },
        statements: [row(CLAIM, 4, 48)],
        batches: batchSizesOf([row(CLAIM, 4, 48)]),
        commits: 30,
        walBytes: 10_000,
      },
      10,
    );
    const text = lines.join('\n');
    expect(text).toContain('Profile: 10 messages; for each of them 3 commits, 1000 bytes of WAL');
    expect(text).toContain('trao_gb_worker 3');
    expect(text).toMatch(/^ +1 {2}seal libs\/envelope/m);
    expect(text).not.toContain('gb-office');
    expect(text).toMatch(/gb_worker +4 +12 +inbox/);
    expect(text).toMatch(/gb_worker +0.4 +2 +0.2 +5 +12 +100 +WITH batch/);
  });
});
