import { TraoError } from '../errors';
import type { MessageFilter, MessageMark } from '../monitoring';
import type { Database, Query } from './database';
import { LIST_ORDER, listSql } from './monitor-messages-sql';

/** A message of a list, as operators see it: S0 only. */
export interface ListedMessage {
  readonly id: string;
  readonly direction: 'sent' | 'received';
  readonly partner: string;
  readonly lane: string;
  readonly state: string;
  readonly attempts: number;
  /** When it is tried again; undefined where nothing is due. */
  readonly nextAt: Date | undefined;
  /** When it was handed in here, or came. */
  readonly at: Date;
  readonly changedAt: Date;
  readonly expiresAt: Date;
  /** When the newest receipt about it was issued. */
  readonly receiptAt: Date | undefined;
  readonly code: string | undefined;
  readonly sizeBytes: number;
}

export interface MessagePage {
  readonly messages: readonly ListedMessage[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: MessageMark | undefined;
}

/** The page's rows, read once it is known which they are. */
const ROWS = `
SELECT f.place, to_char(f.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS mark, f.source, o.id, 'sent' AS direction,
  o.recipient_node AS partner, o.lane, o.state, o.attempts,
  CASE WHEN o.state IN ('queued', 'sending') THEN o.next_attempt_at END AS "nextAt", o.created_at AS at, o.changed_at AS "changedAt",
  o.expires_at AS "expiresAt", o.code, o.size_bytes AS "sizeBytes",
  (SELECT max(r.issued_at) FROM receipt r WHERE r.message_id = o.id AND r.issuer = o.recipient_node) AS "receiptAt"
FROM page f JOIN outbox o ON o.id = f.id WHERE f.source = 'sent'
UNION ALL
SELECT f.place, to_char(f.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), f.source, i.id, 'received', i.sender_node, i.lane,
  i.state, i.attempts, CASE WHEN i.state IN ('stored', 'held') THEN i.next_attempt_at END, i.received_at, i.changed_at, i.expires_at,
  (SELECT r.code FROM receipt r WHERE r.message_id = i.id AND r.sender_node = i.sender_node AND r.event = 'refused' AND r.digest = i.digest
   LIMIT 1), i.size_bytes,
  (SELECT max(r.issued_at) FROM receipt r WHERE r.message_id = i.id AND r.sender_node = i.sender_node)
FROM page f JOIN inbox i ON i.id = f.id AND i.sender_node = f.source WHERE f.source <> 'sent'
ORDER BY place`;

type Row = Omit<ListedMessage, 'nextAt' | 'receiptAt' | 'code'> & {
  readonly place: string;
  readonly mark: string;
  readonly source: string;
  readonly nextAt: Date | null;
  readonly receiptAt: Date | null;
  readonly code: string | null;
};

/**
 * How a question of an operator is asked: planned for its own values, as what is rare for one partner is common for another; from
 * indexes, which hold a tenth of what the tables hold; on one processor; and given up before it can hold up deliveries.
 */
const CAREFULLY = `SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL jit = off; SET LOCAL enable_seqscan = off;
SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL statement_timeout = '5s'`;
/** PostgreSQL's code of a statement that took too long. */
const TOO_LONG = '57014';

/** Runs work that only reads, as `CAREFULLY` says. @throws TraoError `overloaded` when it takes too long */
export async function askCarefully<T>(database: Database, work: (query: Query) => Promise<T>): Promise<T> {
  try {
    return await database.transaction(async (query) => {
      await query(CAREFULLY);
      return work(query);
    });
  } catch (error) {
    const cause = error instanceof TraoError ? error.cause : error;
    if ((cause as { code?: string } | undefined)?.code !== TOO_LONG) throw error;
    throw new TraoError('overloaded', {
      cause,
      detail: 'The question took too long: choose a partner or a shorter time.',
    });
  }
}

/** A page of the messages that pass a filter, sent and received, the newest first; `after` is the mark of the page before. */
export function listMessages(
  database: Database,
  filter: MessageFilter,
  after: MessageMark | undefined,
  limit: number,
): Promise<MessagePage> {
  return askCarefully(database, async (query) => {
    const { sql, values } = listSql(filter, after, limit + 1);
    const rows = await query<Row>(
      `WITH page AS MATERIALIZED (SELECT row_number() OVER (${LIST_ORDER}) AS place, at, id, source FROM (${sql}) AS listed) ${ROWS}`,
      values,
    );
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      messages: rows.slice(0, limit).map(toMessage),
      next: last && { at: last.mark, id: last.id, source: last.source },
    };
  });
}

/** All messages that pass a filter, page by page: each page is read anew, so that nothing stays open while a line is slow. */
export async function* everyMessage(
  database: Database,
  filter: MessageFilter,
  most: number,
  step = 1000,
): AsyncGenerator<readonly ListedMessage[]> {
  let after: MessageMark | undefined;
  for (let left = most; left > 0; left -= step) {
    const { messages, next } = await listMessages(database, filter, after, Math.min(step, left));
    if (messages.length > 0) yield messages;
    if (!next) return;
    after = next;
  }
}

const toMessage = ({
  place: _place,
  mark: _mark,
  source: _source,
  nextAt,
  receiptAt,
  code,
  ...row
}: Row): ListedMessage => ({
  ...row,
  nextAt: nextAt ?? undefined,
  receiptAt: receiptAt ?? undefined,
  code: code ?? undefined,
});
