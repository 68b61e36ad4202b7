import { columns } from './columns';
import type { Report } from './report';
import { targetsOf, type Target } from './targets';

/** Every target beside what was measured; nothing when nothing of it was. */
export function linesOfTargets(report: Report): string[] {
  const targets = targetsOf(report);
  if (targets.every(({ value }) => value === null)) return [];
  const rows = targets.map((target) => [
    target.value,
    target.unit,
    limitOf(target),
    verdictOf(target),
    figureOf(target),
  ]);
  return ['Targets', ...columns(['measured', 'unit', 'target', '', 'figure'], rows), ''];
}

export const figureOf = ({ name, of }: Target) => (of === undefined ? name : `${name} (${of})`);
export const limitOf = ({ least, most }: Target) => (least === undefined ? `≤ ${most}` : `≥ ${least}`);

export function verdictOf({ met }: Pick<Target, 'met'>): string {
  if (met === null) return 'not measured';
  return met ? 'met' : 'MISSED';
}
