import type { Machine } from './machine';
import { rounded } from './percentiles';
import type { Target } from './targets';

/** One run in the history: the figures that have targets, and what they depend on. */
export interface HistoryLine {
  /** `2026-11-29T23:50:00Z` */
  readonly date: string;
  /** Of the sources, with `+` where they had changes; undefined outside a repository. */
  readonly commit?: string | undefined;
  readonly machine: string;
  readonly loadAverage: readonly number[];
  /** Length of the longest measurement. */
  readonly seconds: number;
  readonly figures: readonly Target[];
  /** What makes figures void. */
  readonly faults: readonly string[];
}

export interface Recorded {
  readonly at: Date;
  readonly commit: string | undefined;
  readonly machine: Machine;
  readonly seconds: number;
  readonly targets: readonly Target[];
  readonly faults: readonly string[];
}

/** A line of the file: JSON, one run a line. */
export function lineOf({ at, commit, machine, seconds, targets, faults }: Recorded): string {
  const { cpu, cores, node, postgres, loadAverage, diskSyncMs } = machine;
  const line: HistoryLine = {
    date: `${at.toISOString().slice(0, 19)}Z`,
    commit,
    machine: `${cpu}, ${cores} cores, Node ${node}, PostgreSQL ${postgres ?? '?'}, sync ${diskSyncMs ?? '?'} ms`,
    loadAverage,
    seconds,
    figures: targets,
    faults,
  };
  return `${JSON.stringify(line)}\n`;
}

/** The lines of the file, the oldest first. @throws SyntaxError for a line that is no JSON */
export function readHistory(text: string): HistoryLine[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line) as HistoryLine);
}

/** Change from one figure to another, `+12.5 %`; empty where one of them is missing or nothing. */
export function changeOf(before: number | null | undefined, now: number | null): string {
  if (typeof before !== 'number' || now === null || before === 0) return '';
  const percent = rounded((100 * (now - before)) / before, 1);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
