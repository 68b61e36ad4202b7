import type { Database } from '../../libs/storage';
import { inSeconds } from './rows-fixture';

/** A message as it lies in a table; `source` is `sent` or the partner that sent it. */
export interface Lying {
  readonly source: string;
  readonly id: string;
  /** Of a message that was sent. */
  readonly to: string;
  readonly lane: string;
  readonly state: string;
  readonly code: string | null;
  /** UTC with microseconds. */
  readonly at: string;
}

/** Writes messages into both tables, with the refusal that belongs to one that came and was refused. */
export async function lay(owner: Pick<Database, 'query'>, rows: readonly Lying[]): Promise<void> {
  const sent = rows.filter(({ source }) => source === 'sent');
  const received = rows.filter(({ source }) => source !== 'sent');
  await owner.query(
    `INSERT INTO outbox (id, recipient_node, recipient_kid, lane, sealed, size_bytes, digest, created_at, expires_at, state, code)
     SELECT id, partner, 'kid', lane, 'sealed', 2000, 'digest ' || id, at, $1, state, code
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[]) AS r (id, partner, lane, at, state, code)`,
    [inSeconds(3600), sent.map((r) => r.id), sent.map((r) => r.to), ...shared(sent), sent.map((r) => r.code)],
  );
  await owner.query(
    `INSERT INTO inbox (sender_node, id, recipient_kid, lane, sealed, size_bytes, digest, received_at, expires_at, state)
     SELECT partner, id, 'kid', lane, 'sealed', 2000, 'digest ' || id, at, $1, state
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[]) AS r (id, partner, lane, at, state)`,
    [inSeconds(3600), received.map((r) => r.id), received.map((r) => r.source), ...shared(received)],
  );
  const refused = received.filter(({ code }) => code !== null);
  await owner.query(
    `INSERT INTO receipt (id, issuer, message_id, sender_node, event, code, digest, token, issued_at, state)
     SELECT gen_random_uuid(), 'vn', id, partner, 'refused', code, 'digest ' || id, 'token', now(), 'given'
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS r (id, partner, code)`,
    [refused.map((r) => r.id), refused.map((r) => r.source), refused.map((r) => r.code)],
  );
}

const shared = (rows: readonly Lying[]) => [rows.map((r) => r.lane), rows.map((r) => r.at), rows.map((r) => r.state)];
