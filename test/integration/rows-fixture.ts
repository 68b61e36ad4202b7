import { randomUUID } from 'node:crypto';
import type { Filing, IncomingMessage, Lane, StoredReceipt } from '../../libs/exchange';
import type { SendStore, StoredCase, StoredCaseEvent, StoredDraft } from '../../libs/casework';
import type { Database } from '../../libs/storage';

/** Rows as the stores take them. Nothing in them is sealed or signed: the stores see bytes only. */

export interface OutboxRow {
  readonly id: string;
  readonly partner: string;
  readonly lane: Lane;
  /** Length of the sealed bytes. */
  readonly bytes: number;
  readonly strikes: number;
  readonly state: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

/** Writes rows of the outbox and answers their ids. */
export async function putOutbox(
  database: Pick<Database, 'query'>,
  rows: readonly Partial<OutboxRow>[],
): Promise<string[]> {
  const full = rows.map((row) => ({
    id: randomUUID(),
    partner: 'gb',
    lane: 'normal',
    bytes: 100,
    strikes: 0,
    state: 'queued',
    createdAt: new Date(),
    expiresAt: inSeconds(3600),
    ...row,
  }));
  await database.query(
    `INSERT INTO outbox (id, recipient_node, recipient_kid, lane, sealed, size_bytes, digest, created_at, expires_at, state, strikes)
     SELECT id, partner, 'kid', lane, repeat('A', bytes), bytes, 'digest ' || id, created, expires, state, strikes
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[], $7::timestamptz[], $8::timestamptz[])
       AS r (id, partner, lane, bytes, strikes, state, created, expires)`,
    [
      full.map((row) => row.id),
      full.map((row) => row.partner),
      full.map((row) => row.lane),
      full.map((row) => row.bytes),
      full.map((row) => row.strikes),
      full.map((row) => row.state),
      full.map((row) => row.createdAt),
      full.map((row) => row.expiresAt),
    ],
  );
  return full.map((row) => row.id);
}

export const many = <T>(count: number, row: T): T[] => Array.from({ length: count }, () => row);

/** A message as the gateway stores it; `text` stands for its sealed bytes. */
export function incoming(more: Partial<IncomingMessage> = {}, text = 'sealed'): IncomingMessage {
  const id = more.id ?? randomUUID();
  const header = { kid: 'kid', pri: 'normal', exp: Math.floor(Date.now() / 1000) + 3600 } as IncomingMessage['header'];
  return { senderNode: 'gb', id, token: text, digest: `digest of ${text}`, header, receivedAt: new Date(), ...more };
}

/** A receipt about a message, by default the `received` of the receiving node `vn`. */
export function receiptOf(
  message: { readonly id: string; readonly senderNode?: string; readonly digest?: string },
  more: Partial<StoredReceipt> = {},
): StoredReceipt {
  const id = randomUUID();
  return {
    id,
    messageId: message.id,
    senderNode: message.senderNode ?? 'vn',
    issuer: 'vn',
    event: 'received',
    digest: message.digest ?? `digest ${message.id}`,
    token: `receipt ${id}`,
    issuedAt: new Date(),
    ...more,
  };
}

export function caseOf(unit: string, referralId: string = randomUUID(), key = 'key'): StoredCase {
  return { unit, referralId, wrappedKey: Buffer.from(key), summary: Buffer.from(`summary under ${key}`) };
}

export function eventOf({ unit, referralId }: StoredCase, more: Partial<StoredCaseEvent> = {}): StoredCaseEvent {
  const original = Buffer.from('original');
  return { unit, referralId, messageId: randomUUID(), direction: 'sent', at: new Date(), original, ...more };
}

/** A draft as the office stores it. */
export function draftOf(unit: string, more: Partial<StoredDraft> = {}): StoredDraft {
  const id = randomUUID();
  return {
    unit,
    id,
    wrappedKey: Buffer.from('key'),
    body: Buffer.from(`body ${id}`),
    expiresAt: inSeconds(3600),
    ...more,
  };
}

type Sent = Parameters<SendStore['save']>[0];

/** What `send` gives its store; by default a message that belongs to no case, handed in under a key of its own. */
export function sentOf(more: Partial<Sent> = {}, text = 'sealed'): Sent {
  const id = more.event?.messageId ?? randomUUID();
  const message = {
    id,
    recipientNode: 'gb',
    recipientKid: 'kid',
    priority: 'normal',
    token: text,
    digest: `digest ${id}`,
    createdAt: new Date(),
    expiresAt: inSeconds(3600),
    attempts: 0,
  } as const;
  const request = {
    unit: more.record?.unit ?? 'vn.police',
    clientId: 'client',
    idempotencyKey: id,
    requestDigest: 'request',
    messageId: id,
  };
  const nothing = {
    record: undefined,
    event: undefined,
    search: undefined,
    erases: undefined,
    filesOf: undefined,
    forgotten: [],
    kept: undefined,
  };
  return { message, lookAt: inSeconds(900), request, ...nothing, ...more };
}

/** The columns of one row by its id, with the time until the next attempt in seconds. */
export async function rowOf(database: Database, table: 'outbox' | 'inbox' | 'receipt' | 'attachment', id: string) {
  const [row] = await database.query<Record<string, unknown> & { state: string; batch: string | null; due_in: number }>(
    `SELECT *, extract(epoch FROM next_attempt_at - now())::float AS due_in FROM ${table} WHERE id = $1`,
    [id],
  );
  return row;
}

/** A filing to which a test adds what it is about. */
export const NOTHING_FILED: Filing = {
  cases: [],
  events: [],
  files: [],
  search: [],
  receipts: [],
  filed: [],
  refused: [],
  held: [],
  threads: [],
  alarms: [],
};
