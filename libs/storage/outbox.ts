import type { Attempt, AttemptStore, DeliverStore, ExpireStore, Release, SentMessage } from '../exchange';
import type { OutgoingMessage } from '../casework';
import { circuitStore } from './circuit';
import { columns } from './columns';
import type { Database, Query } from './database';
import { dueAt } from './due';
import { FORMER, insertReceipts, moveMessages, settleStore } from './evidence';
import { together, type Write } from './together';
import { TAKEN, takeInHand, wakeRelay, writeEnd } from './work';

/** The outbox as the delivering worker needs it. */
export function deliverStore(database: Database): DeliverStore {
  return {
    ...circuitStore(database.query),

    begin(batchId) {
      // Locked before the step is noted: a queue that stalled may run the job twice at the same time, and each would see it as queued.
      return takeInHand<OutgoingMessage>(
        database,
        `WITH taken AS (SELECT id, state AS before FROM ${TAKEN('outbox', `state IN ('queued', 'sending')`)}),
         first AS (
           INSERT INTO delivery_event (message_id, state) SELECT id, 'sending' FROM taken WHERE before = 'queued')
         UPDATE outbox o SET state = 'sending', attempts = attempts + 1, batch = $1, changed_at = now()
         FROM taken t WHERE o.id = t.id
         RETURNING o.id, recipient_node AS "recipientNode", lane AS priority, sealed AS token, digest,
           created_at AS "createdAt", expires_at AS "expiresAt", attempts`,
        batchId,
      );
    },
  };
}

/**
 * What an attempt leaves behind. Runs inside one transaction.
 * @param worker names this process in each attempt, for whoever reads the attempts of several
 */
export function attemptStore(query: Query, worker?: string): AttemptStore {
  return {
    ...settleStore(query),

    async finish(batchId, attempts, releases) {
      const retries = releases.flatMap((release) => ('retryAt' in release ? [release] : []));
      const gaveUp = releases.flatMap((release) => ('gaveUp' in release ? [release] : []));
      const mine = await lockHeld(
        query,
        batchId,
        gaveUp.map((release) => release.messageId),
      );
      await moveMessages(
        query,
        gaveUp
          .filter((release) => mine.has(release.messageId))
          .map((release) => ({ id: release.messageId, state: 'undeliverable', code: release.gaveUp })),
        ['queued', 'sending'],
      );
      const writes = {
        attempts: writeAttempts(attempts, worker),
        retries: writeRetries(batchId, retries, attempts),
        ended: writeEnd(batchId),
      };
      await together(query, writes, wakeRelay());
    },
  };
}

function writeAttempts(attempts: readonly Attempt[], worker: string | undefined): Write {
  const sql = `
    INSERT INTO attempt (message_id, at, duration_ms, code, host, tls, http_status, worker)
    SELECT *, $8 FROM unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[])`;
  const parameters = [
    ...columns(
      attempts,
      (a) => a.messageId,
      (a) => a.at,
      (a) => Math.round(a.durationMs),
      (a) => a.code ?? null,
      (a) => a.host ?? null,
      (a) => a.tls ?? null,
      (a) => a.httpStatus ?? null,
    ),
    worker ?? null,
  ];
  return { sql, parameters };
}

type Retry = Extract<Release, { readonly retryAt: Date }>;

function writeRetries(batchId: string, retries: readonly Retry[], attempts: readonly Attempt[]): Write | undefined {
  if (retries.length === 0) return undefined;
  const codes = new Map(attempts.map(({ messageId, code }) => [messageId, code]));
  // Why a message waits stands beside its state, where operators filter by it; whatever moves it on sets another or none.
  const sql = `
    UPDATE outbox o SET next_attempt_at = ${dueAt('r.at', '$6')}, batch = NULL, strikes = o.strikes + r.strike, code = r.code
    FROM unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::text[]) AS r (id, at, strike, code)
    WHERE o.id = r.id AND o.batch = $5 AND o.state = 'sending'`;
  const parameters = [
    ...columns(
      retries,
      (r) => r.messageId,
      (r) => r.retryAt,
      (r) => (r.strike ? 1 : 0),
      (r) => codes.get(r.messageId) ?? null,
    ),
    batchId,
    new Date(),
  ];
  return { sql, parameters };
}

/** Those of the messages that the batch still holds, locked. When its claim ran out another batch has them, and its outcome counts. */
async function lockHeld(query: Query, batchId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await query<{ id: string }>(
    'SELECT id FROM outbox WHERE id = ANY ($1::uuid[]) AND batch = $2 ORDER BY id FOR UPDATE',
    [ids, batchId],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The outbox as the timer needs it. Runs inside one transaction. */
export function expireStore(query: Query): ExpireStore {
  return {
    lockExpired(now, limit) {
      return query<SentMessage>(
        `SELECT id, recipient_node AS "recipientNode", digest, state, ${FORMER} FROM outbox o
         WHERE state IN ('queued', 'sending') AND expires_at <= $1 ORDER BY id LIMIT $2 FOR UPDATE OF o SKIP LOCKED`,
        [now, limit],
      );
    },
    async expire(messages, evidence) {
      await insertReceipts(query, evidence, 'own');
      await moveMessages(
        query,
        messages.map(({ id }) => ({ id, state: 'expired', code: 'expired' })),
      );
    },
  };
}
