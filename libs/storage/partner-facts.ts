import type { Database } from './database';

/** How it stands with a partner, besides what the directory and its watch say. */
export interface PartnerFacts {
  readonly partner: string;
  /** Requests in a row that failed as a whole. */
  readonly failures: number;
  /** No request before this time; null while the circuit is closed. */
  readonly retryAt: Date | null;
  /** When the newest message that it has received was made. */
  readonly lastOut: Date | null;
  readonly lastIn: Date | null;
  /** Messages that it has not received. */
  readonly waiting: number;
  readonly oldestAt: Date | null;
}

const FACTS = `
SELECT p.partner, coalesce(c.failures, 0) AS failures, c.retry_at AS "retryAt",
  (SELECT created_at FROM outbox WHERE recipient_node = p.partner AND state IN ('received', 'delivered', 'opened')
   ORDER BY created_at DESC, id DESC LIMIT 1) AS "lastOut",
  (SELECT received_at FROM inbox WHERE sender_node = p.partner ORDER BY received_at DESC, id DESC LIMIT 1) AS "lastIn",
  w.waiting, w.oldest AS "oldestAt"
FROM unnest($1::text[]) AS p (partner) LEFT JOIN circuit c USING (partner)
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS waiting, min(created_at) AS oldest FROM outbox
    WHERE recipient_node = p.partner AND state IN ('queued', 'sending')) w`;

export const partnerFacts = (
  { query }: Pick<Database, 'query'>,
  partners: readonly string[],
): Promise<PartnerFacts[]> => query(FACTS, [partners]);
