import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../libs/storage';

/** Days over which messages are spread. */
export const DAYS = 90;
/** Of so many of the newest, attempts, states and receipts are there; of older ones of a real node they are there too, and never read here. */
const WITH_DETAILS = 100_000;
/** By then no statement runs that began before the rows were there. */
const OTHERS_END_MS = 31_000;

/**
 * An id like those that offices make: its time first (RFC 9562, version 7). `at` is the column of its time.
 */
const ID = `(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' ||
  substr(md5(n::text || 'x'), 1, 15))::uuid`;

/** Evenly over the days, with whole ties: a batch is handed in within one millisecond. */
const SPREAD = `date_trunc('milliseconds', now() - interval '1 minute' - (n / 3) * 3 * (interval '${DAYS} days' / $1)) AS at`;

/** One value of a list, each with its share of a thousand of thousands; the rest gets the last. */
function share(hash: string, shares: readonly (readonly [string, number])[]): string {
  let upTo = 0;
  const cases = shares.map(([value, millionths]) => `WHEN ${hash} < ${(upTo += millionths)} THEN ${value}`);
  return `CASE ${cases.slice(0, -1).join(' ')} ELSE ${shares.at(-1)![0]} END`;
}

const hashed = (salt: string) => `(hashtextextended(n::text, ${salt}) & 1048575)`;

/** One big partner, a middling one, a small one, and one with a hundred messages in a million. */
const PARTNER = share(hashed('1'), [
  [`'th'`, 90_000],
  [`'kh'`, 10_000],
  [`'la'`, 100],
  [`'gb'`, 0],
]);
const LANE = share(hashed('2'), [
  [`'emergency'`, 5_000],
  [`'urgent'`, 100_000],
  [`'normal'`, 0],
]);
const SIZE = `2000 + ((${hashed('5')} * ${hashed('6')}) >> 20)::int / 4`;

const SENT = `
INSERT INTO outbox (id, recipient_node, recipient_kid, lane, sealed, size_bytes, digest, created_at, expires_at, state, code, attempts,
  next_attempt_at, changed_at)
SELECT ${ID}, partner, 'kid', lane, '', size, 'digest', at, at + interval '${DAYS * 2} days', state,
  CASE state WHEN 'sending' THEN CASE WHEN n % 9 = 0 THEN 'partner_busy' ELSE 'partner_unreachable' END WHEN 'undeliverable' THEN 'bad_request'
    WHEN 'expired' THEN 'expired' WHEN 'refused' THEN CASE WHEN n % 500 = 0 THEN 'id_reused' ELSE 'policy_blocked' END END,
  1 + n % 5, now() + interval '60 days', at + interval '2 seconds'
FROM (SELECT n, ${SPREAD}, ${PARTNER} AS partner, ${LANE} AS lane, ${SIZE} AS size, ${share(hashed('3'), [
  [`'opened'`, 40_000],
  [`'refused'`, 10_000],
  [`'sending'`, 9_000],
  [`'undeliverable'`, 5_000],
  [`'expired'`, 3_000],
  [`'received'`, 2_000],
  [`'queued'`, 1_000],
  [`'delivered'`, 0],
])} AS state FROM generate_series(0, $1::int - 1) AS n) AS r`;

const RECEIVED = `
INSERT INTO inbox (sender_node, id, recipient_kid, lane, sealed, size_bytes, digest, received_at, expires_at, state, attempts,
  next_attempt_at, changed_at)
SELECT partner, ${ID.replaceAll('md5(n::text', `md5('in' || n::text`)}, 'kid', lane, '', size, 'digest', at, at + interval '${DAYS * 2} days',
  state, 1, now() + interval '60 days', at + interval '1 second'
FROM (SELECT n, ${SPREAD}, ${PARTNER} AS partner, ${LANE} AS lane, ${SIZE} AS size, ${share(hashed('4'), [
  [`'refused'`, 10_000],
  [`'held'`, 500],
  [`'stored'`, 500],
  [`'filed'`, 0],
])} AS state FROM generate_series(0, $1::int - 1) AS n) AS r`;

const DETAILS = [
  `CREATE TEMP TABLE newest AS SELECT id, recipient_node, created_at AS at, state, code, attempts FROM outbox
   ORDER BY created_at DESC LIMIT $1::int`,
  `INSERT INTO attempt (message_id, at, duration_ms, code, host, tls, http_status, worker)
   SELECT id, at + n * interval '1 second', 20 + n * 7, CASE WHEN n < attempts OR state = 'sending' THEN 'partner_unreachable' END,
     recipient_node || '.example', 'TLSv1.3', 200, 'vn 1' FROM newest, generate_series(1, attempts) AS n`,
  `INSERT INTO delivery_event (message_id, state, at) SELECT id, s, at + n * interval '150 milliseconds' * (1 + length(id::text) % 5)
   FROM newest, unnest(ARRAY['queued', 'sending', 'received', 'delivered']) WITH ORDINALITY AS e (s, n) WHERE state IN ('delivered', 'opened')`,
  `INSERT INTO receipt (id, issuer, message_id, sender_node, event, digest, token, issued_at, state)
   SELECT gen_random_uuid(), recipient_node, id, 'vn', e, 'digest', 'token', at + interval '1 second', 'obtained'
   FROM newest, unnest(ARRAY['received', 'delivered']) AS e WHERE state IN ('delivered', 'opened')`,
];

/** Our refusals of what came: the list takes their codes from them. */
const REFUSALS = `
INSERT INTO receipt (id, issuer, message_id, sender_node, event, code, digest, token, issued_at, state)
SELECT gen_random_uuid(), 'vn', id, sender_node, 'refused', CASE WHEN hashtext(id::text) % 100 = 0 THEN 'too_large' ELSE 'schema_invalid' END,
  'digest', 'token', received_at, 'handed' FROM inbox WHERE state = 'refused'`;

/** Fills the tables of a node with messages that were sent (three of five) and received, as the owner; nothing of them is ever due. */
export async function fillMessages(database: Database, count: number): Promise<void> {
  const sent = Math.round(count * 0.6);
  await database.transaction(async (query) => {
    await query(`SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = off`);
    await query(SENT, [sent]);
    await query(RECEIVED, [count - sent]);
    await query(REFUSALS);
    await query(DETAILS[0]!, [Math.min(WITH_DETAILS, sent)]);
    for (const statement of DETAILS.slice(1)) await query(statement);
    await query('DROP TABLE newest');
  });
  // As autovacuum leaves them: indexes alone can answer, and the planner knows what is rare. Whoever looked before we were done keeps
  // rows from being seen as everybody's.
  await pause(OTHERS_END_MS);
  for (const table of ['outbox', 'inbox', 'receipt', 'attempt', 'delivery_event'])
    await database.query(`VACUUM (ANALYZE) ${table}`);
}
