import { randomUUIDv7 } from 'node:crypto';
import { closeDraft, readableDraft, type StoredDraft } from '../../libs/casework';
import type { Database } from '../../libs/storage';

const ROWS_AT_ONCE = 500;
/**
 * Copies were last changed then: an office looks every few seconds at what was written in the last minutes, and would find there what no
 * office ever has. A real one writes what it sends.
 */
const AGE = `interval '1 day'`;

/**
 * Copies an approved draft, each under an id and a key of its own: what two officers would write if they wrote the same again and again.
 * @param database of the sending node, as its owner
 * @returns the ids of the copies
 */
export async function copyDraft(
  database: Database,
  storageKey: Uint8Array,
  template: { readonly unit: string; readonly id: string },
  count: number,
): Promise<string[]> {
  const { unit, id } = template;
  const [stored] = await database.query<StoredDraft>(
    `SELECT unit, id, wrapped_key AS "wrappedKey", body, expires_at AS "expiresAt" FROM draft WHERE unit = $1 AND id = $2`,
    [unit, id],
  );
  const draft = stored && readableDraft(stored, storageKey);
  if (!draft) throw new Error(`${unit} has no draft ${id} that can be read`);
  const ids: string[] = [];
  while (ids.length < count) {
    const some = Array.from({ length: Math.min(ROWS_AT_ONCE, count - ids.length) }, () =>
      closeDraft(unit, randomUUIDv7(), draft, storageKey, new Date()),
    );
    await database.query(
      `INSERT INTO draft (unit, id, wrapped_key, body, expires_at, changed_at)
       SELECT *, now() - ${AGE} FROM unnest($1::text[], $2::uuid[], $3::bytea[], $4::bytea[], $5::timestamptz[])`,
      [
        some.map((row) => row.unit),
        some.map((row) => row.id),
        some.map((row) => row.wrappedKey),
        some.map((row) => row.body),
        some.map((row) => row.expiresAt),
      ],
    );
    ids.push(...some.map((row) => row.id));
  }
  return ids;
}
