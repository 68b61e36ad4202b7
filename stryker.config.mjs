/**
 * Mutation tests (`npm run mutation`): faults are put into the rules one at a time, and a spec must notice each.
 * Covered are the rules on which a person's safety hangs: who may do what next, and what may be told to whom.
 */
export default {
  mutate: [
    'libs/lifecycle/**/*.ts',
    'libs/protection/{consent,scopes}*.ts',
    '!**/*.spec.ts',
    '!**/index.ts',
    '!**/fixtures/**',
  ],
  testRunner: 'jest',
  jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.cjs' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A lib below this fails the run; test/mutation/summary.mjs holds every single one to it.
  thresholds: { high: 95, low: 90, break: 90 },
  // swc drops types without checking them.
  disableTypeChecks: false,
  ignorePatterns: ['.cache', '.data', 'coverage', 'dist', 'docs'],
  tempDirName: '.cache/mutation/sandbox',
  // Also after a run that failed: the survivors are in the report.
  cleanTempDir: 'always',
  // The tables are static on purpose: each fault in one costs a whole run of the specs, which takes a tenth of a second.
  warnings: { slow: false },
  allowConsoleColors: false,
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: '.cache/mutation/report.json' },
};
