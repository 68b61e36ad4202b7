import type { Verdict } from './play';

/** What was seen of all bugs, as a table for `docs/explanation/reliability.md`. */
export function plantedTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ bug, breaks, check, caught, seen, seconds }) =>
    [`\`${bug}\``, breaks, caught ? check : `**not** ${check}`, seen.looked, seconds.toFixed(0)].join(' | '),
  );
  return [
    '| Bug | Breaks | Caught by | After | Seconds |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

export function lineOf({ bug, check, caught, seen, seconds }: Verdict): string {
  const what = seen.failure ?? seen.broken ?? 'every expectation held';
  const [first = ''] = what.split('\n');
  return `${caught ? 'caught ' : 'ESCAPED'} ${bug} by ${check} after ${seen.looked}, ${seconds.toFixed(0)} s: ${first.slice(0, 160)}`;
}
