import { columns } from './columns';
import { changeOf, type HistoryLine } from './history';
import { figureOf, limitOf, verdictOf } from './target-lines';

/** The history as tables: each figure beside its target and the same figure of the last run before that has it. */
export function linesOfHistory(history: readonly HistoryLine[]): string[] {
  if (history.length === 0) return ['No run was recorded yet: npm run bench -- --targets --record'];
  const before = new Map<string, number>();
  return history.flatMap(({ date, commit, machine, loadAverage, seconds, figures, faults }) => {
    const rows = figures
      .filter(({ value }) => value !== null)
      .map((figure) => [
        figure.value,
        figure.unit,
        limitOf(figure),
        verdictOf(figure),
        changeOf(before.get(figure.name), figure.value),
        figureOf(figure),
      ]);
    for (const { name, value } of figures) if (value !== null) before.set(name, value);
    return [
      `${date}  ${commit ?? '(no commit)'}  load average ${loadAverage.join(' ')}, ${seconds} s`,
      `  ${machine}`,
      ...columns(['measured', 'unit', 'target', '', 'change', 'figure'], rows),
      ...faults.map((fault) => `  ${fault}`),
      '',
    ];
  });
}
