import { nameOfCheck, type Bug, type Check } from './bug';
import { runJest } from './run-jest';
import { runSimulator } from './run-simulator';
import type { Seen } from './seen';
import type { PlantedTree } from './tree';

/** What one check has seen of one bug. */
export interface Verdict {
  readonly bug: string;
  readonly breaks: string;
  readonly check: string;
  readonly caught: boolean;
  readonly seen: Seen;
  readonly seconds: number;
}

function look(check: Check, folder: string, seeds: number): Seen {
  return check.by === 'simulator' ? runSimulator(folder, seeds) : runJest(folder, check.by, [check.spec], check.test);
}

/** What each check sees while nothing is planted. @returns the names of those that do not pass, with what they saw */
export function soundChecks(bugs: readonly Bug[], tree: PlantedTree, seeds: number): string[] {
  const checks = bugs.flatMap((bug) => bug.checks);
  const faults: string[] = [];
  const note = (name: string, { failure, broken }: Seen) => {
    if (failure ?? broken) faults.push(`${name}: ${failure ?? broken}`);
  };
  if (checks.some(({ by }) => by === 'simulator')) note('simulator', runSimulator(tree.folder, seeds));
  for (const project of ['unit', 'integration'] as const) {
    const specs = new Set(checks.flatMap((check) => (check.by === project ? [check.spec] : [])));
    if (specs.size > 0) note(project, runJest(tree.folder, project, [...specs]));
  }
  return faults;
}

/** Plants a bug, has each of its checks look, and takes it out again. */
export function play({ name, breaks, patches, checks }: Bug, tree: PlantedTree, seeds: number): Verdict[] {
  tree.plant(patches);
  try {
    return checks.map((check) => {
      const begun = performance.now();
      const seen = look(check, tree.folder, seeds);
      const seconds = (performance.now() - begun) / 1000;
      return { bug: name, breaks, check: nameOfCheck(check), caught: seen.failure !== undefined, seen, seconds };
    });
  } finally {
    tree.restore();
  }
}
