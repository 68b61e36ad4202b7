/**
 * Reads the report of the last mutation run and prints one row per lib for docs/reference/test-results.md.
 * Exit code 1 when a lib is below the threshold of stryker.config.mjs: the total alone would let a strong lib hide a weak one.
 */
import { readFileSync } from 'node:fs';
import config from '../../stryker.config.mjs';

/** States of a mutant that count, and whether a test noticed it. The others never ran (they do not compile, or are switched off). */
const NOTICED = new Map([
  ['Killed', true],
  ['Timeout', true],
  ['Survived', false],
  ['NoCoverage', false],
]);

const { files } = JSON.parse(readFileSync(config.jsonReporter.fileName, 'utf8'));

/** lib → one boolean per mutant */
const outcomes = new Map();
for (const [file, { mutants }] of Object.entries(files)) {
  const lib = file.split('/').slice(0, 2).join('/');
  const counted = mutants.map(({ status }) => NOTICED.get(status)).filter((noticed) => noticed !== undefined);
  outcomes.set(lib, [...(outcomes.get(lib) ?? []), ...counted]);
}

const rows = [...outcomes].map(([lib, noticed]) => {
  const killed = noticed.filter(Boolean).length;
  return { lib, mutants: noticed.length, killed, score: (100 * killed) / noticed.length };
});
const lines = rows.map(
  ({ lib, mutants, killed, score }) => `| ${lib} | ${mutants} | ${killed} | ${score.toFixed(1)} % |`,
);
process.stdout.write(['| lib | mutants | killed | score |', '| --- | --- | --- | --- |', ...lines, ''].join('\n'));

const weak = rows.filter(({ score }) => !(score >= config.thresholds.break));
for (const { lib } of weak) process.stderr.write(`${lib} is below ${config.thresholds.break} %\n`);
process.exitCode = weak.length > 0 || rows.length === 0 ? 1 : 0;
