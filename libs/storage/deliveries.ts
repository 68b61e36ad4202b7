import type { PageMark } from '../casework';
import type { Database } from './database';
import { forUnit } from './cases';

/** A message as operators see it: S0 only. */
export interface Delivery {
  readonly id: string;
  readonly recipientNode: string;
  readonly priority: string;
  readonly state: string;
  readonly code: string | null;
  readonly attempts: number;
  readonly sizeBytes: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly expiresAt: Date;
}

export interface DeliveryDetail extends Delivery {
  readonly digest: string;
  readonly states: readonly { readonly state: string; readonly at: Date }[];
  readonly tries: readonly { readonly at: Date; readonly durationMs: number; readonly code: string | null }[];
  readonly receipts: readonly {
    readonly event: string;
    readonly issuer: string;
    readonly code: string | null;
    /** Of the sealed bytes that it is about. */
    readonly digest: string;
    readonly issuedAt: Date;
    readonly token: string;
  }[];
}

const DELIVERY = `id, recipient_node AS "recipientNode", lane AS priority, state, code, attempts, size_bytes AS "sizeBytes",
  created_at AS "createdAt", changed_at AS "changedAt", expires_at AS "expiresAt"`;

/** Outgoing messages, newest first; `after` is the last one of the page before. */
export function listDeliveries(
  database: Database,
  limit: number,
  state?: string,
  after?: PageMark,
): Promise<Delivery[]> {
  return database.query<Delivery>(
    `SELECT ${DELIVERY} FROM outbox WHERE ($2::text IS NULL OR state = $2)
     AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid)) ORDER BY created_at DESC, id DESC LIMIT $1`,
    [limit, state ?? null, after?.at ?? null, after?.id ?? null],
  );
}

/** One outgoing message with its history, attempts and receipts. */
export async function showDelivery(database: Database, id: string): Promise<DeliveryDetail | undefined> {
  const [row] = await database.query<Delivery & { digest: string }>(
    `SELECT ${DELIVERY}, digest FROM outbox WHERE id = $1`,
    [id],
  );
  if (!row) return undefined;
  const [states, tries, receipts] = await Promise.all([
    database.query<DeliveryDetail['states'][number]>(
      'SELECT state, at FROM delivery_event WHERE message_id = $1 ORDER BY at',
      [id],
    ),
    database.query<DeliveryDetail['tries'][number]>(
      'SELECT at, duration_ms AS "durationMs", code FROM attempt WHERE message_id = $1 ORDER BY at',
      [id],
    ),
    database.query<DeliveryDetail['receipts'][number]>(
      `SELECT event, issuer, code, digest, issued_at AS "issuedAt", token FROM receipt WHERE message_id = $1 AND state IN ('obtained', 'own')
       ORDER BY issued_at`,
      [id],
    ),
  ]);
  return { ...row, states, tries, receipts };
}

/** How far messages have come, for whoever sent them: the state of each, and when each state was reached. */
export async function deliveriesOf(
  database: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pick<DeliveryDetail, 'state' | 'code' | 'states'>>> {
  if (ids.length === 0) return new Map();
  const rows = await database.query<{ id: string; state: string; code: string | null; reached: string; at: Date }>(
    `SELECT o.id, o.state, o.code, e.state AS reached, e.at FROM outbox o JOIN delivery_event e ON e.message_id = o.id
     WHERE o.id = ANY ($1::uuid[]) ORDER BY e.at`,
    [ids],
  );
  const found = new Map<string, { state: string; code: string | null; states: { state: string; at: Date }[] }>();
  for (const { id, state, code, reached, at } of rows) {
    const one = found.get(id) ?? { state, code, states: [] };
    one.states.push({ state: reached, at });
    found.set(id, one);
  }
  return found;
}

/** The newest message that a unit has sent in a referral; undefined where there is none. */
export async function latestSent(database: Database, unit: string, referralId: string): Promise<string | undefined> {
  const [row] = await forUnit(database, (query) => query)(unit, (query) =>
    query<{ id: string }>(
      `SELECT message_id AS id FROM case_event WHERE unit = $1 AND referral_id = $2 AND direction = 'sent' ORDER BY at DESC LIMIT 1`,
      [unit, referralId],
    ),
  );
  return row?.id;
}
