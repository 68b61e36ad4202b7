import type { Database } from './database';

/** A question that an operator has kept under a name. */
export interface SavedView {
  readonly name: string;
  /** As in the address of the list, without a question mark. */
  readonly query: string;
}

/** What operators keep for themselves: it changes nothing for others, so the log of acts has none of it. */
export function savedViews({ query }: Pick<Database, 'query'>) {
  return {
    of(operator: string): Promise<SavedView[]> {
      return query<SavedView>('SELECT name, query FROM saved_view WHERE operator = $1 ORDER BY name', [operator]);
    },
    /** Keeps a view; one of the same name gets the new question. False when the operator has as many as there may be. */
    async keep(operator: string, { name, query: asked }: SavedView, most: number): Promise<boolean> {
      const kept = await query(
        `INSERT INTO saved_view (operator, name, query)
         SELECT $1, $2, $3 WHERE (SELECT count(*) FROM saved_view WHERE operator = $1 AND name <> $2) < $4
         ON CONFLICT (operator, name) DO UPDATE SET query = excluded.query RETURNING name`,
        [operator, name, asked, most],
      );
      return kept.length > 0;
    },
    async forget(operator: string, name: string): Promise<void> {
      await query('DELETE FROM saved_view WHERE operator = $1 AND name = $2', [operator, name]);
    },
  };
}
