type Cell = string | number | null;

/** Lines of a table for a terminal: a column in which all are words is aligned to the left when it is the last, others to the right. */
export function columns(heads: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const cells = [heads, ...rows.map((row) => row.map((cell) => String(cell ?? '–')))];
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const last = heads.length - 1;
  const wordsLast = rows.length > 0 && rows.every((row) => typeof row[last] === 'string');
  const fit = (cell: string, column: number) =>
    column === last && wordsLast ? cell : cell.padStart(widths[column] ?? 0);
  return cells.map((row) => `  ${row.map(fit).join('  ')}`);
}
