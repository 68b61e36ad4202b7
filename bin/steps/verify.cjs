const { spawn } = require('node:child_process');
const { existsSync, readdirSync } = require('node:fs');
const path = require('node:path');
const { CannotStart } = require('./cannot-start.cjs');
const { environment } = require('./node24.cjs');

/** Node.js runs these scripts as they are and would remark that package.json names no module type. */
const NO_WARNING = '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON';

/** Of Node.js: it remarks that parts of WebCrypto that the hybrid suite uses may change. */
const NO_EXPERIMENT = '--disable-warning=ExperimentalWarning';

const jest = (project, workers = 1) => ['jest', '--selectProjects', project, `--maxWorkers=${workers}`];

/** PostgreSQL of the system, with its server and not its tools alone, that Trao supports; `test/harness/debian-programs.ts` picks it. */
function hasSystemServer() {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions.some((version) => Number(version) >= 15 && existsSync(path.join(root, version, 'bin', 'initdb')));
}

/** All that must hold before a change is merged, the quick checks first. */
const STEPS = [
  { name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'architecture', command: jest('architecture') },
  { name: 'dead-code', command: ['knip'] },
  { name: 'schemas', command: ['node', NO_WARNING, 'schemas/generate-types.ts', '--check'] },
  { name: 'code-lists', command: ['node', NO_WARNING, 'schemas/generate-code-lists.ts', '--check'] },
  { name: 'docs', command: ['node', NO_WARNING, 'docs/reference/generate-error-codes.ts', '--check'] },
  { name: 'docs-deadlines', command: ['node', NO_WARNING, 'docs/reference/generate-deadlines.ts', '--check'] },
  { name: 'docs-events', command: ['node', NO_WARNING, 'docs/reference/generate-audit-events.ts', '--check'] },
  { name: 'docs-metrics', command: ['node', NO_WARNING, 'docs/reference/generate-metrics.ts', '--check'] },
  { name: 'docs-states', command: ['node', NO_WARNING, 'docs/reference/generate-states.ts', '--check'] },
  { name: 'docs-fields', command: ['node', NO_WARNING, 'docs/reference/generate-fields.ts', '--check'] },
  { name: 'docs-attacks', command: ['node', NO_WARNING, 'docs/security/generate-attacks.ts', '--check'] },
  // Of two cores jest would leave one to itself.
  { name: 'unit', command: [...jest('unit', 2), '--coverage', '--coverageReporters=text-summary'] },
  { name: 'integration', command: jest('integration', 2) },
  {
    // The embedded server is the newest that Trao supports; that of the system is an older one, and plans and costs differ.
    name: 'older-server',
    command: [...jest('integration', 2), '--testPathPatterns', 'integration/(storage|queue-postgres|partitions)'],
    variables: { TRAO_TEST_SERVER: 'debian' },
    possible: hasSystemServer,
  },
  {
    name: 'simulate',
    command: ['node', NO_EXPERIMENT, 'test/run.cjs', 'test/fault/simulate.ts', '--seeds', '20000', '--jobs', '2'],
  },
  { name: 'faults', command: ['node', 'test/run.cjs', 'test/fault/faults.ts', '--ci'] },
  { name: 'backlog', command: ['node', 'test/run.cjs', 'test/fault/backlog.ts', '--messages', '2000', '--ci'] },
  { name: 'e2e', command: jest('e2e', 2) },
];

/** Runs the steps named in `args`, or all; stops at the first that fails unless `--all` is given. Resolves to the exit code. */
async function verify(root, args) {
  const steps = chosenSteps(args.filter((arg) => arg !== '--all'));
  const failed = [];
  let passed = 0;
  for (const step of steps) {
    // What CI needs is installed there: it may not be left out.
    if (step.possible?.() === false && process.env.CI === undefined) {
      console.log(`\nverify: ${step.name} left out: what it needs is not on this machine`);
      continue;
    }
    console.log(`\nverify: ${step.name} (${step.command.join(' ')})`);
    const begin = performance.now();
    const outcome = await runStep(root, step);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    console.log(`verify: ${step.name} ${outcome === 0 ? 'passed' : `failed (${outcome})`} after ${seconds} s`);
    if (outcome === 0) passed += 1;
    else failed.push(step.name);
    if (outcome !== 0 && !args.includes('--all')) break;
  }
  const rest = steps.length - passed - failed.length;
  const faults = failed.length > 0 ? `, ${failed.length} failed: ${failed.join(', ')}` : '';
  console.log(`\nverify: ${passed} steps passed${faults}${rest > 0 ? `, ${rest} not run` : ''}`);
  return failed.length > 0 ? 1 : 0;
}

function chosenSteps(names) {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    const known = STEPS.map(({ name }) => name).join(', ');
    throw new CannotStart(`There is no step ${unknown.join(', ')}. The steps are: ${known}`);
  }
  return names.length === 0 ? STEPS : STEPS.filter(({ name }) => names.includes(name));
}

/** Resolves to 0, or to the exit code or signal that ended the step. */
function runStep(root, { command: [tool, ...args], variables }) {
  return new Promise((resolve) => {
    const child = spawn(tool, args, { cwd: root, env: { ...environment(root), ...variables }, stdio: 'inherit' });
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
}

module.exports = { verify };
