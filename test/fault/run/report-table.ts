import { POINTS } from '../build/points';
import { STRIKES } from '../points/strikes';
import { PROMISES, type PromiseName } from '../promises/report';
import type { CellResult } from './play-cell';

const QUEUES = ['postgres', 'redis'];

/** Results as Markdown: a table of points and strikes, and one of promises. */
export function reportTable(results: readonly CellResult[]): string {
  const failed = results.filter(({ faults }) => faults.length > 0);
  const messages = results.reduce((sum, result) => sum + result.messages, 0);
  return [
    `${results.length} cells played, ${failed.length} with faults, ${messages} messages.`,
    '',
    ...pointTable(results),
    '',
    ...promiseTable(results),
    '',
    ...(failed.length > 0
      ? ['Faults:', '', ...failed.map(({ cell, faults }) => `- ${cell}: ${faults.join('; ')}`)]
      : []),
  ]
    .join('\n')
    .trimEnd();
}

/** Cells held of cells played, PostgreSQL and Redis, and the longest time to heal. */
function pointTable(results: readonly CellResult[]): string[] {
  const head = ['Point', 'Where', ...STRIKES.map((strike) => `${strike} (${QUEUES.join(' · ')})`), 'longest heal, s'];
  const played = POINTS.filter(({ name }) => results.some((result) => result.point === name));
  const rows = played.map(({ name, title }) => {
    const mine = results.filter((result) => result.point === name);
    const healed = mine.flatMap(({ healMs }) => (healMs === undefined ? [] : [healMs]));
    const held = STRIKES.map((strike) =>
      QUEUES.map((queue) => {
        const cells = mine.filter((result) => result.strike === strike && result.queue === queue);
        return cells.length === 0 ? '-' : `${cells.filter(({ faults }) => faults.length === 0).length}/${cells.length}`;
      }).join(' · '),
    );
    return [name, title, ...held, healed.length > 0 ? (Math.max(...healed) / 1000).toFixed(1) : '-'];
  });
  return table(head, rows);
}

function promiseTable(results: readonly CellResult[]): string[] {
  const rows = (Object.entries(PROMISES) as [PromiseName, string][]).map(([promise, text]) => {
    const lines = results.flatMap((result) => result.lines.filter((line) => line.promise === promise));
    const count = (outcome: string) => String(lines.filter((line) => line.outcome === outcome).length);
    return [promise, text, count('held'), count('broken'), count('not applicable')];
  });
  return table(['Promise', 'Text', 'held', 'broken', 'not applicable'], rows);
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
