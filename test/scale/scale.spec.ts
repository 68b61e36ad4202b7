import { spawn } from 'node:child_process';
import path from 'node:path';
import { debianPrograms } from '../harness/debian-programs';
import { ROOT } from '../harness/paths';
import { hasHaproxy } from './haproxy';
import type { DrillResult } from './run-drill';
import type { SessionResult } from './one-session';

interface Report {
  readonly drills: readonly DrillResult[];
  readonly session: SessionResult;
}

/** All drills of CI in one run of the program that operators of a test network run too. */
const LIMIT_MS = 600_000;

const missing = [...(hasHaproxy() ? [] : ['haproxy']), ...(debianPrograms ? [] : ['postgresql'])];
if (missing.length > 0)
  process.stderr.write(
    `more than one machine is NOT tested here: no ${missing.join(', no ')} (Debian: apt-get install)\n`,
  );

it('has what it needs in CI', () => {
  expect(process.env['CI'] === undefined ? [] : missing).toEqual([]);
});

(missing.length > 0 ? describe.skip : describe)('a node on many machines', () => {
  let report: Report;

  beforeAll(async () => {
    report = await drill();
  }, LIMIT_MS);

  it('loses a gateway, a worker, an office, its proxy and its primary, one after the other', () => {
    expect(report.drills.map(({ name }) => name)).toEqual([
      'calm',
      'gateway',
      'worker',
      'office',
      'haproxy',
      'postgres-primary',
    ]);
  });

  it('keeps every promise each time', () => {
    expect(report.drills.flatMap(({ name, broken }) => broken.map((line) => `${name}: ${line}`))).toEqual([]);
  });

  it('lets one officer work at both offices, and go on when one of them is gone', () => {
    const { answered, faults } = report.session;
    expect(faults).toEqual([]);
    expect(answered).toHaveLength(2);
    for (const count of answered) expect(count).toBeGreaterThan(0);
  });

  it('goes on by itself: what is sent after the fault arrives', () => {
    for (const { sent, givenUp, recoveredMs, caughtUpMs } of report.drills) {
      expect(givenUp).toBe(0);
      expect(sent).toBeGreaterThan(0);
      expect(recoveredMs).toBeGreaterThan(0);
      expect(Number.isFinite(caughtUpMs)).toBe(true);
    }
  });
});

/** What it says on the way goes to our stderr: a drill that fails is understood from there. */
function drill(): Promise<Report> {
  return new Promise((resolve, reject) => {
    const args = ['test/run.cjs', path.join(__dirname, 'scale.ts'), '--short', '--json'];
    const program = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    program.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    program.once('error', reject);
    program.once('close', (code) => {
      if (out === '') reject(new Error(`The drills ended with ${code} and no report; see above.`));
      else resolve(JSON.parse(out) as Report);
    });
  });
}
