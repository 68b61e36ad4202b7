import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../..');
const CONFIG = path.join(ROOT, '.dependency-cruiser.cjs');
const CLI = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const FOLDERS = ['apps', 'libs', 'test', 'certs-dev', 'bin', 'schemas'];

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  /** The modules of a cycle in order; empty for all other rules. */
  readonly cycle: readonly string[];
}

export interface Cruise {
  readonly modules: number;
  readonly violations: readonly Violation[];
}

interface Output {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
      readonly cycle?: readonly { readonly name: string }[];
    }[];
  };
}

/** The rule set as the configuration file exports it. */
export function rules(): readonly { readonly name: string; readonly comment?: string; readonly severity: string }[] {
  return (require(CONFIG) as { forbidden: ReturnType<typeof rules> }).forbidden;
}

/**
 * Runs our rule set over the tree at `root`, which has a tsconfig.json and a package.json of its own.
 * A child process, because dependency-cruiser is ESM with top-level loading that jest's module system does not follow.
 */
export function cruise(root: string): Cruise {
  const folders = FOLDERS.filter((folder) => existsSync(path.join(root, folder)));
  const run = spawnSync(process.execPath, [CLI, '--config', CONFIG, '--output-type', 'json', ...folders], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (run.error) throw run.error;
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser did not answer: ${run.stderr}`);
  const { summary } = JSON.parse(run.stdout) as Output;
  return {
    modules: summary.totalCruised,
    violations: summary.violations.map(({ rule, from, to, cycle = [] }) => ({
      rule: rule.name,
      from,
      to,
      cycle: cycle.map(({ name }) => name),
    })),
  };
}

/** One line per violation, for people. */
export function readable(violations: readonly Violation[]): string {
  return violations
    .map(({ rule, from, to, cycle }) => `${rule}: ${from} → ${cycle.length > 0 ? cycle.join(' → ') : to}`)
    .join('\n');
}
