/**
 * npm run mutation [PART ...]: runs Stryker over the parts named, or over all, one after the other, and prints one row per part for
 * docs/reference/test-results.md. Exit code 1 when a part is below the threshold of stryker.config.mjs.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import parts from './parts.cjs';

/** States of a mutant that count, and whether a test noticed it. The others never ran (they do not compile, or are switched off). */
const NOTICED = new Map([
  ['Killed', true],
  ['Timeout', true],
  ['Survived', false],
  ['NoCoverage', false],
]);

function rowOf(name) {
  const { files } = JSON.parse(readFileSync(`.cache/mutation/${name}.json`, 'utf8'));
  const states = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => NOTICED.get(status)));
  const counted = states.filter((noticed) => noticed !== undefined);
  const killed = counted.filter(Boolean).length;
  return `| ${name} | ${counted.length} | ${killed} | ${((100 * killed) / counted.length).toFixed(1)} % |`;
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(parts.PARTS, name));
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown.join(', ')}: ${Object.keys(parts.PARTS).join(', ')}`);

const chosen = names.length > 0 ? names : Object.keys(parts.PARTS);
const failed = chosen.filter((name) => {
  const env = { ...process.env, [parts.PART_VARIABLE]: name };
  return spawnSync('stryker', ['run'], { env, stdio: 'inherit' }).status !== 0;
});
const rows = chosen.filter((name) => !failed.includes(name)).map(rowOf);
process.stdout.write(['| part | mutants | noticed | score |', '| --- | --- | --- | --- |', ...rows, ''].join('\n'));
if (failed.length > 0) process.stderr.write(`below the threshold, or not run: ${failed.join(', ')}\n`);
process.exitCode = failed.length > 0 ? 1 : 0;
