import { randomUUID, randomUUIDv7 } from 'node:crypto';
import {
  closeCase,
  openCase,
  readEvent,
  toEvent,
  type OpenCase,
  type StoredCase,
  type StoredCaseEvent,
} from '../../libs/casework';
import { encryptAtRest, newCaseKey } from '../../libs/envelope';
import type { Database } from '../../libs/storage';
import { searchKey, searchTokens } from '../../libs/text';

/** Family names and given names of invented people: enough that lists have something to sort. */
const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương', 'Lý'];
const GIVEN = [
  'Ví Dụ',
  'Mẫu',
  'Thử',
  'Ân',
  'Ánh',
  'Đức',
  'Hoa',
  'Lan',
  'Ơn',
  'Tú',
  'Yến',
  'Quỳnh',
  'Ngọc',
  'Sơn',
  'Thảo',
  'Uyên',
  'Khôi',
];
const ROWS_AT_ONCE = 500;

/**
 * Copies one case of a unit until it has `count` more: each under an id and a key of its own and with a name of its own, as if it had come
 * that way. Changes lie minutes apart.
 */
export async function copyCase(database: Database, unit: string, storageKey: Uint8Array, count: number): Promise<void> {
  const [stored] = await database.query<StoredCase>(
    `SELECT unit, referral_id AS "referralId", wrapped_key AS "wrappedKey", summary FROM unit_case WHERE unit = $1 LIMIT 1`,
    [unit],
  );
  if (!stored) throw new Error(`${unit} has no case to copy`);
  const record = openCase(stored, storageKey);
  const events = await database.query<StoredCaseEvent>(
    `SELECT unit, referral_id AS "referralId", message_id AS "messageId", direction, at, original FROM case_event
     WHERE unit = $1 AND referral_id = $2`,
    [unit, stored.referralId],
  );
  const plain = events.map((event) => ({ event, message: readEvent(record, event) }));
  for (let done = 0; done < count; done += ROWS_AT_ONCE) {
    const copies = Array.from({ length: Math.min(ROWS_AT_ONCE, count - done) }, (_, n) =>
      copyOf(record, plain, storageKey, done + n),
    );
    await insert(database, copies);
  }
}

type Copy = ReturnType<typeof copyOf>;

function copyOf(
  { unit, summary }: OpenCase,
  plain: readonly { readonly event: StoredCaseEvent; readonly message: unknown }[],
  storageKey: Uint8Array,
  n: number,
) {
  const referralId = randomUUID();
  const key = newCaseKey();
  const name = `${FAMILY[n % FAMILY.length]} ${GIVEN[Math.floor(n / FAMILY.length) % GIVEN.length]} ${n}`;
  const ids = new Map(summary.steps.map(({ id }) => [id, randomUUIDv7()]));
  const steps = summary.steps.map((step) => ({
    ...step,
    id: ids.get(step.id)!,
    inReplyTo: ids.get(step.inReplyTo ?? ''),
  }));
  const openedBy = ids.get(summary.openedBy)!;
  const copied: OpenCase = {
    unit,
    referralId,
    key,
    wrappedKey: encryptAtRest(storageKey, key, ['unit_case', unit, referralId, 'key']),
    summary: { ...summary, openedBy, steps, local: { ...summary.local, names: [name], assigned: undefined } },
  };
  // An event that begins like an object is read as it stands: the signature is of the one that was copied.
  const rows = plain.map(({ event, message }) =>
    toEvent(
      copied,
      ids.get(event.messageId)!,
      event.direction,
      Buffer.from(JSON.stringify(message)).toString('latin1'),
      event.at,
    ),
  );
  return { row: closeCase(copied), rows, tokens: searchTokens(searchKey(storageKey), [name]), minutes: n };
}

async function insert(database: Database, copies: readonly Copy[]): Promise<void> {
  await database.query(
    `INSERT INTO unit_case (unit, referral_id, wrapped_key, summary, changed_at)
     SELECT u, r, w, s, now() - m * interval '1 minute' FROM unnest($1::text[], $2::uuid[], $3::bytea[], $4::bytea[], $5::int[]) AS c (u, r, w, s, m)`,
    [
      copies.map(({ row }) => row.unit),
      copies.map(({ row }) => row.referralId),
      copies.map(({ row }) => row.wrappedKey),
      copies.map(({ row }) => row.summary),
      copies.map(({ minutes }) => minutes),
    ],
  );
  const events = copies.flatMap(({ rows }) => rows);
  await database.query(
    `INSERT INTO case_event (unit, referral_id, message_id, direction, at, original)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::bytea[])`,
    [
      events.map(({ unit }) => unit),
      events.map(({ referralId }) => referralId),
      events.map(({ messageId }) => messageId),
      events.map(({ direction }) => direction),
      events.map(({ at }) => at),
      events.map(({ original }) => original),
    ],
  );
  const words = copies.flatMap(({ row, tokens }) => tokens.map((token) => ({ row, token })));
  await database.query(
    `INSERT INTO search_token (unit, referral_id, token) SELECT * FROM unnest($1::text[], $2::uuid[], $3::bytea[]) ON CONFLICT DO NOTHING`,
    [words.map(({ row }) => row.unit), words.map(({ row }) => row.referralId), words.map(({ token }) => token)],
  );
}
