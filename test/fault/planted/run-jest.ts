import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Seen } from './seen';

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/**
 * What a failure says when it names an expectation: of jest, of fast-check, or of a wait that was in vain. A test that merely could not be
 * run says something else, and then nothing was shown.
 */
const EXPECTATION = /expect\(|Property failed|Waited \d+ ms in vain|TraoError/;

/** Runs specs of one project in a copy of the sources. */
export function runJest(folder: string, project: string, specs: readonly string[], test = ''): Seen {
  const report = path.join(folder, '.planted-report.json');
  rmSync(report, { force: true });
  const pattern = `/(${specs.join('|')})\\.spec\\.ts$`;
  const jest = path.join('node_modules', 'jest', 'bin', 'jest.js');
  const args = [
    jest,
    '-i',
    `--selectProjects=${project}`,
    '--testPathPatterns',
    pattern,
    ...(test === '' ? [] : ['-t', test]),
    '--json',
    `--outputFile=${report}`,
  ];
  const { stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  const { numPassedTests, numFailedTests, testResults } = readReport(report, stderr);
  if (testResults.length < specs.length)
    return { looked: '', broken: `only ${testResults.length} of ${specs.length} specs were found` };
  const looked = `${numPassedTests + numFailedTests} tests`;
  const idle = testResults.find(({ assertionResults }) => assertionResults.length === 0);
  if (idle) return { looked, broken: idle.message };
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  );
  const telling = failed.filter(({ failureMessages }) => failureMessages.some((message) => EXPECTATION.test(message)));
  if (failed.length > 0 && telling.length === 0) return { looked, broken: failed[0]!.failureMessages.join('\n') };
  const [first] = telling;
  if (!first) return { looked };
  return { looked: `${failed.length} of ${looked}`, failure: first.fullName.replaceAll(/\s+/g, ' ') };
}

function readReport(file: string, stderr: string): JestReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch (cause) {
    throw new Error(`jest gave no report: ${stderr.slice(-2_000)}`, { cause });
  }
}
