import { checkVectors, COUNTS, isClean, type SuiteResult } from '../../libs/conformance';
import { printJson, printTable } from './output';

/**
 * Runs the vectors in a folder and prints what came out. True when nothing was judged wrongly and all files could be read.
 * @throws TraoError as `checkVectors` does
 */
export async function checkFolder(folder: string, json: boolean): Promise<boolean> {
  const { suites } = await checkVectors(folder);
  if (json) printJson({ suites });
  else printReport(suites);
  return suites.every(isClean);
}

const HEADS = {
  passed: 'passed',
  wronglyAccepted: 'wrongly accepted',
  wronglyRejected: 'wrongly rejected',
  refusedByPolicy: 'refused by policy',
  disputed: 'disputed',
  notRun: 'not run',
  unreadable: 'unreadable',
} as const;

function printReport(suites: readonly SuiteResult[]): void {
  const row = (name: string, of: readonly SuiteResult[]) => [
    shown(name),
    ...(['cases', ...COUNTS] as const).map((count) => String(of.reduce((sum, suite) => sum + suite[count], 0))),
  ];
  printTable(
    ['suite', 'cases', ...COUNTS.map((count) => HEADS[count])],
    [...suites.map((suite) => row(suite.name, [suite])), row('all', suites)],
  );
  for (const { name, wrong } of suites.filter((suite) => suite.wrong.length > 0)) {
    process.stdout.write(`\n${shown(name)}\n`);
    for (const { id, count, why } of wrong) {
      process.stdout.write(`  ${HEADS[count]}: ${shown(id)}${why === '' ? '' : ` (${shown(why)})`}\n`);
    }
  }
}

/** Names come from files of others, and a terminal obeys control characters. */
const shown = (text: string) => text.replaceAll(/\p{C}/gu, '\ufffd');
