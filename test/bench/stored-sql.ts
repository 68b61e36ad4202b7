import type { Query } from '../../libs/storage';

/** Over which copies are spread. */
export const DAYS = 90;

export interface Column {
  readonly name: string;
  readonly type: string;
}

/** Times that lie ahead. What is due then is spread over the days that come, as it is with a real node. */
const AHEAD = ['next_look_at', 'next_mark_at'];
/** Times that say until when a row holds; nothing about a row at rest depends on them. */
const KEPT = ['expires_at', 'next_attempt_at'];
/** What lies beside the table. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  outbox: ['sealed'],
  inbox: ['sealed'],
  case_event: ['original'],
};
/** Texts that make a row its own. */
const NAMES: Readonly<Record<string, readonly string[]>> = { idempotency: ['key'], notice_seen: ['event'] };

export async function columnsOf(query: Query, table: string): Promise<readonly Column[]> {
  return query<Column>(
    `SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type FROM pg_attribute a
     WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = '' ORDER BY a.attnum`,
    [table],
  );
}

/** The statement that writes the copies of each row of a table, the oldest first, so that indexes on times and ids grow at their end. */
export function copySql(table: string, columns: readonly Column[], copies: number): string {
  const names = columns.map(({ name }) => name).join(', ');
  const values = columns.map((column) => valueOf(table, column, copies)).join(', ');
  return `WITH present AS MATERIALIZED (SELECT ${names} FROM ${table})
INSERT INTO ${table} (${names}) SELECT ${values} FROM generate_series(${copies}, 1, -1) AS n, present AS r`;
}

function valueOf(table: string, { name, type }: Column, copies: number): string {
  const value = `r.${name}`;
  const step = `(n * interval '${DAYS} days' / ${copies + 1})`;
  if (type === 'uuid') return idSql(value, step);
  if (LEFT_OUT[table]?.includes(name)) return `''`;
  if (name === 'token' && type === 'bytea') return `substr(sha256(${value} || int4send(n)), 1, length(${value}))`;
  if (NAMES[table]?.includes(name)) return `translate(encode(sha256((${value} || n)::bytea), 'base64'), '+/=', '-_')`;
  if (!type.startsWith('timestamp') || KEPT.includes(name)) return value;
  return AHEAD.includes(name) ? `${value} + ${step}` : `${value} - ${step}`;
}

/** Another id of the same kind, the same for the same id and copy: of version 7 its time moves too (RFC 9562). */
function idSql(id: string, step: string): string {
  const hash = `md5(${id}::text || n)`;
  const moved = `lpad(to_hex(('x' || substr(replace(${id}::text, '-', ''), 1, 12))::bit(48)::bigint - (extract(epoch FROM ${step}) * 1000)::bigint), 12, '0')`;
  const timed = `(${moved} || '7' || substr(${hash}, 1, 3) || '8' || substr(${hash}, 4, 15))::uuid`;
  return `CASE WHEN substr(${id}::text, 15, 1) = '7' THEN ${timed} ELSE ${hash}::uuid END`;
}
