import type { Database } from './database';

/** A sign of life of a process. */
export interface Beat {
  readonly id: string;
  readonly app: string;
  /** The machine, as it calls itself. */
  readonly host: string;
  readonly version: string;
  readonly startedAt: Date;
  /** Numbers, ids and dates as JSON; never content. */
  readonly facts: object;
}

/** Signs of life of the processes of a node. One that ends cleanly takes its row away; one that is killed leaves it to grow old. */
export function beatStore(database: Pick<Database, 'query'>) {
  return {
    async beat({ id, app, host, version, startedAt, facts }: Beat): Promise<void> {
      await database.query(
        `INSERT INTO process_beat (id, app, host, version, started_at, beat_at, facts) VALUES ($1, $2, $3, $4, $5, now(), $6)
         ON CONFLICT (id) DO UPDATE SET beat_at = now(), facts = excluded.facts`,
        [id, app, host, version, startedAt, JSON.stringify(facts)],
      );
    },
    async end(id: string): Promise<void> {
      await database.query('DELETE FROM process_beat WHERE id = $1', [id]);
    },
  };
}
