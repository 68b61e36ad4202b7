/** The columns of a list of rows, as parameters for `unnest`: one statement writes the whole batch. */
export function columns<R>(rows: readonly R[], ...pick: readonly ((row: R) => unknown)[]): unknown[][] {
  return pick.map((column) => rows.map(column));
}
