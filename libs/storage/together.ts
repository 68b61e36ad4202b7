import type { Query } from './database';

/** One statement that writes, with parameters of its own from $1 on. */
export interface Write {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Runs writes as one statement: each statement costs a journey to the server, which is more than most of them cost there. They see the
 * tables as they were before all of them, but for what another of them returns, which its name stands for; so no two may write one row.
 * Constraints are checked when all have written.
 * @param writes by name; those that are undefined have nothing to write
 * @param last is what is answered
 */
export function together<R>(
  query: Query,
  writes: Readonly<Record<string, Write | undefined>>,
  last: Write,
): Promise<R[]> {
  const parameters: unknown[] = [];
  const append = (write: Write) => {
    const sql = renumbered(write.sql, parameters.length);
    parameters.push(...write.parameters);
    return sql;
  };
  const parts = Object.entries(writes).flatMap(([name, write]) => (write ? [`${name} AS (${append(write)})`] : []));
  const answer = append(last);
  return query<R>(parts.length > 0 ? `WITH ${parts.join(',\n')}\n${answer}` : answer, parameters);
}

const texts = new Map<string, Map<number, string>>();

/** The statement with its parameters counted from another number. The texts are constant, so there are few. */
function renumbered(sql: string, by: number): string {
  let byShift = texts.get(sql);
  if (!byShift) texts.set(sql, (byShift = new Map()));
  let text = byShift.get(by);
  if (text === undefined) {
    text = sql.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + by}`);
    byShift.set(by, text);
  }
  return text;
}
