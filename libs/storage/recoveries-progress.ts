import type { Database } from './database';
import type { RecoveredMessage, Recovery } from './recoveries';

const RECOVERY = `id, partner, since, until, states, per_minute AS "perMinute", requested_by AS "requestedBy", requested_at AS "requestedAt",
  stopped_at AS "stoppedAt", stopped_by AS "stoppedBy", total`;

const TRIED = `EXISTS (SELECT FROM attempt a WHERE a.message_id = i.message_id AND a.at >= r.requested_at)`;

/** How many messages of a recovery stand where. `outcomeOf` of libs/monitoring says what that means. */
export interface RecoveryCount {
  readonly state: string;
  readonly formerState: string;
  readonly tried: boolean;
  readonly count: number;
}

/** Recoveries as operators look at them. */
export function recoveries({ query }: Pick<Database, 'query'>) {
  return {
    newest(limit: number): Promise<Recovery[]> {
      return query<Recovery>(`SELECT ${RECOVERY} FROM recovery ORDER BY requested_at DESC LIMIT $1`, [limit]);
    },
    async byId(id: string): Promise<Recovery | undefined> {
      return (await query<Recovery>(`SELECT ${RECOVERY} FROM recovery WHERE id = $1`, [id]))[0];
    },
    counts(id: string): Promise<RecoveryCount[]> {
      return query<RecoveryCount>(
        `SELECT o.state, i.former_state AS "formerState", ${TRIED} AS tried, count(*)::int AS count
         FROM recovery r JOIN recovery_item i ON i.recovery_id = r.id JOIN outbox o ON o.id = i.message_id
         WHERE r.id = $1 GROUP BY 1, 2, 3`,
        [id],
      );
    },
    /** Messages in the order in which they are sent, from an ordinal on. */
    messages(id: string, from: number, limit: number): Promise<RecoveredMessage[]> {
      return query<RecoveredMessage>(
        `SELECT i.message_id AS id, i.ordinal, i.former_state AS "formerState", i.former_code AS "formerCode", o.state, o.code,
           o.next_attempt_at AS "nextAt", ${TRIED} AS tried
         FROM recovery r JOIN recovery_item i ON i.recovery_id = r.id JOIN outbox o ON o.id = i.message_id
         WHERE r.id = $1 AND i.ordinal >= $2 ORDER BY i.ordinal, i.message_id LIMIT $3`,
        [id, from, limit],
      );
    },
  };
}
