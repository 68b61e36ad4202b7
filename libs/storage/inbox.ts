import type { Filing, IngestStore, WaitingMessage } from '../exchange';
import { columns } from './columns';
import type { Database, Query } from './database';
import { dueAt } from './due';
import { writeReceipts } from './evidence';
import { insertFiles } from './file-rows';
import { assertSaved, counted, lockCases, writeCases, writeEvents, writeTokens } from './cases';
import { insertAlarms } from './node-records';
import { together } from './together';
import { ABOUT_FILES, IN_HAND, TAKEN, takeInHand, WORK_CHANNEL, writeEnd } from './work';

/**
 * Takes the messages of a batch in hand. Counting comes first: a message that kills the process is noticed all the same, and is tried
 * ever more rarely, up to every 15 minutes.
 */
export async function beginIngest(database: Database, batchId: string): Promise<WaitingMessage[]> {
  return takeInHand<WaitingMessage>(
    database,
    `WITH taken AS (SELECT sender_node, id FROM ${TAKEN('inbox', `state IN ('stored', 'held')`)})
     UPDATE inbox i SET attempts = attempts + 1, changed_at = now(), batch = $1,
       next_attempt_at = CASE WHEN attempts < 4 THEN next_attempt_at
         ELSE now() + least(interval '30 seconds' * power(2, least(attempts - 3, 10)), interval '15 minutes') END
     FROM taken t WHERE i.sender_node = t.sender_node AND i.id = t.id
     RETURNING i.sender_node AS "senderNode", i.id, sealed AS token, digest, received_at AS "receivedAt", attempts`,
    batchId,
  );
}

/** Ids of the keys that messages are sealed to which wait to be opened, or to be opened again. */
export async function waitingKids(database: Pick<Database, 'query'>): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ kid: string }>(
    `SELECT DISTINCT recipient_kid AS kid FROM inbox WHERE state IN ('stored', 'held')`,
  );
  return new Set(rows.map(({ kid }) => kid));
}

/** Filing as the ingesting worker needs it. Runs inside one transaction. */
export function ingestStore(query: Query): IngestStore {
  /** Whether a message of the batch is about an erased case. */
  let erased = false;
  return {
    lockWaiting(batchId) {
      return query(
        `SELECT sender_node AS "senderNode", id FROM inbox WHERE ${IN_HAND} AND state IN ('stored', 'held') ORDER BY id FOR UPDATE`,
        [batchId],
      );
    },

    async lockCases(refs) {
      const cases = await lockCases(query, refs);
      erased ||= cases.some(({ wrappedKey }) => wrappedKey.length === 0);
      return cases;
    },

    async earlierWaits({ senderNode, id }, { thread, seq }, until) {
      const [said] = await query<{ waits: boolean }>(
        `SELECT EXISTS (SELECT FROM inbox WHERE sender_node = $1 AND id <> $2 AND state IN ('stored', 'held')
           AND (thread IS NULL AND received_at <= $5 OR thread = $3 AND seq < $4)) AS waits`,
        [senderNode, id, thread, seq, until],
      );
      return said!.waits;
    },

    async file(batchId, { cases, events, files, search, receipts, filed, refused, held, threads, alarms }) {
      await insertFiles(query, files);
      const outcomes = [
        ...filed.map((message) => ({ message, state: 'filed', at: new Date(), thread: null, seq: null })),
        ...refused.map(({ message, thread }) => ({
          message,
          state: 'refused',
          at: new Date(),
          thread: thread ?? null,
          seq: null,
        })),
        ...held.map(({ message, place, retryAt }) => ({
          message,
          state: 'held',
          at: retryAt,
          thread: place?.thread ?? null,
          seq: place?.seq ?? null,
        })),
      ];
      const [said] = await together<{ cases: number }>(
        query,
        {
          cases: writeCases(cases),
          events: writeEvents(events),
          words: writeTokens(search),
          receipts: writeReceipts(receipts, 'waiting'),
          outcomes: {
            sql: `
              UPDATE inbox i SET state = o.state, next_attempt_at = ${dueAt('o.at', '$7')}, thread = o.thread, seq = o.seq, batch = NULL,
                changed_at = now(), attempts = CASE WHEN o.state = 'held' THEN 0 ELSE i.attempts END
              FROM unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::int[])
                AS o (sender_node, id, state, at, thread, seq)
              WHERE i.sender_node = o.sender_node AND i.id = o.id`,
            parameters: [
              ...columns(
                outcomes,
                (o) => o.message.senderNode,
                (o) => o.message.id,
                (o) => o.state,
                (o) => o.at,
                (o) => o.thread,
                (o) => o.seq,
              ),
              new Date(),
            ],
          },
          // What was filed may be what held messages of the same referrals wait for. None of this batch is woken: it was read in order.
          awaiting: {
            sql: `UPDATE inbox SET next_attempt_at = now() WHERE state = 'held' AND thread = ANY ($1::text[]) AND batch IS NULL`,
            parameters: [threads],
          },
          ended: writeEnd(batchId),
        },
        {
          sql: `SELECT pg_notify($1, $2), ${counted(cases)} AS cases`,
          parameters: [WORK_CHANNEL, files.length > 0 ? ABOUT_FILES : ''],
        },
      );
      assertSaved(cases, said!.cases);
      if (erased) await blankUnfiled(query, [...filed, ...refused.map(({ message }) => message)], events);
      await setStaleAside(query, receipts);
      await insertAlarms(query, alarms);
    },
  };
}

/**
 * Frees the id of messages that were refused because their key is retired: the sender seals the same message anew. The refused bytes are
 * kept with the other bytes that came under their id; their receipts stay, and the same bytes get them again.
 */
async function setStaleAside(query: Query, receipts: Filing['receipts']): Promise<void> {
  const stale = receipts.filter(({ event, code }) => event === 'refused' && code === 'stale_key');
  if (stale.length === 0) return;
  await query(
    `WITH gone AS (
       DELETE FROM inbox i USING unnest($1::text[], $2::uuid[], $3::text[]) AS s (sender_node, id, digest)
       WHERE i.sender_node = s.sender_node AND i.id = s.id AND i.digest = s.digest
       RETURNING i.sender_node, i.id, i.digest, i.sealed, i.received_at)
     INSERT INTO inbox_conflict (sender_node, id, digest, sealed, received_at) SELECT * FROM gone ON CONFLICT DO NOTHING`,
    columns(
      stale,
      (r) => r.senderNode,
      (r) => r.messageId,
      (r) => r.digest,
    ),
  );
}

/**
 * Blanks what came for an erased case: nobody will erase that a second time. Which message of the batch it is, the filing does not
 * say, so all that went into no case lose their sealed bytes; digests and receipts stay.
 */
async function blankUnfiled(
  query: Query,
  messages: readonly WaitingMessage[],
  events: Filing['events'],
): Promise<void> {
  const inCases = new Set(events.map(({ messageId }) => messageId));
  await query(
    `UPDATE inbox i SET sealed = '' FROM unnest($1::text[], $2::uuid[]) AS m (sender_node, id)
     WHERE i.sender_node = m.sender_node AND i.id = m.id`,
    columns(
      messages.filter(({ id }) => !inCases.has(id)),
      (m) => m.senderNode,
      (m) => m.id,
    ),
  );
}
