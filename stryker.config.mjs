import parts from './test/mutation/parts.cjs';

/** test/mutation/run.mjs runs Stryker once for each part and names it here. */
const name = process.env[parts.PART_VARIABLE] ?? 'lifecycle';
const part = parts.PARTS[name];

/**
 * Mutation tests (`npm run mutation`): faults are put into the rules one at a time, and a spec must notice each.
 * Covered are the rules on which a person's safety hangs: who may do what next, what may be told to whom, and who is believed.
 */
export default {
  mutate: part.mutate,
  testRunner: 'jest',
  jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.cjs' },
  // Node 24 announces some cryptography as experimental.
  testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A part below this fails the run.
  thresholds: { high: 95, low: 90, break: 90 },
  // swc drops types without checking them.
  disableTypeChecks: false,
  ignorePatterns: ['.cache', '.data', 'coverage', 'dist', 'docs'],
  tempDirName: `.cache/mutation/sandbox-${name}`,
  // Also after a run that failed: the survivors are in the report.
  cleanTempDir: 'always',
  // The tables are static on purpose: each fault in one costs a whole run of the specs, which takes a second.
  warnings: { slow: false },
  allowConsoleColors: false,
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `.cache/mutation/${name}.json` },
};
