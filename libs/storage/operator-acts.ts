import { CHAIN_START, endsBefore, followChain, type ChainCheck, type ChainHead, type LoggedAct } from '../monitoring';
import type { Query } from './database';

/** An act as the page shows it. */
export interface ListedAct extends Pick<LoggedAct, 'seq' | 'at' | 'operator' | 'roles' | 'act' | 'object'> {
  readonly before: unknown;
  readonly after: unknown;
}

/** Which acts: members that are absent leave nothing out. */
export interface ActFilter {
  readonly operator?: string | undefined;
  readonly act?: string | undefined;
  /** Only acts with lower numbers: the next page. */
  readonly before?: number | undefined;
}

/** What was found out about the whole log. */
export interface LogCheck extends ChainCheck {
  /** True when an act that somebody has written down is not there as it was: the end was cut off, or everything written anew. */
  readonly cut: boolean;
}

const LISTED = 'seq::float8 AS seq, at, operator, roles, act, object';
/** Acts of one step: a log of years is followed without being held in memory. */
const STEP = 1_000;

/** Acts of operators, the newest first. */
export function listActs(query: Query, { operator, act, before }: ActFilter, limit: number): Promise<ListedAct[]> {
  return query<ListedAct>(
    `SELECT ${LISTED}, before, after FROM operator_log
     WHERE ($1::text IS NULL OR operator = $1) AND ($2::text IS NULL OR act = $2) AND ($3::bigint IS NULL OR seq < $3)
     ORDER BY seq DESC LIMIT $4`,
    [operator ?? null, act ?? null, before ?? null, limit],
  );
}

/** Acts behind a number, oldest first, letter by letter. */
export function actsAfter(query: Query, seq: number, limit = STEP): Promise<LoggedAct[]> {
  return query<LoggedAct>(
    `SELECT ${LISTED}, before::text, after::text, encode(previous, 'hex') AS previous, encode(digest, 'hex') AS digest
     FROM operator_log WHERE seq > $1 ORDER BY seq LIMIT $2`,
    [seq, limit],
  );
}

/** The last act of each operator. */
export async function lastActs(query: Query): Promise<ReadonlyMap<string, ListedAct>> {
  const rows = await query<ListedAct>(
    `SELECT DISTINCT ON (operator) ${LISTED}, before, after FROM operator_log ORDER BY operator, operator_log.seq DESC`,
  );
  return new Map(rows.map((row) => [row.operator, row]));
}

/** Acts and operators that occur, for the choices of a filter. */
export async function actNames(query: Query): Promise<{ readonly operators: string[]; readonly acts: string[] }> {
  const rows = await query<{ readonly operator: string; readonly act: string }>(
    'SELECT DISTINCT operator, act FROM operator_log',
  );
  const sorted = (values: readonly string[]) => [...new Set(values)].sort();
  return { operators: sorted(rows.map(({ operator }) => operator)), acts: sorted(rows.map(({ act }) => act)) };
}

/**
 * Computes the whole chain anew.
 * @param kept a head that somebody has written down before; only it shows that the end was cut off
 */
export async function verifyLog(query: Query, kept?: ChainHead): Promise<LogCheck> {
  let check = CHAIN_START;
  for (;;) {
    const acts = await actsAfter(query, check.head.seq);
    check = followChain(check, acts);
    if (acts.length < STEP || check.broken) break;
  }
  if (!kept) return { ...check, cut: false };
  const [row] = await query<{ readonly digest: string }>(
    `SELECT encode(digest, 'hex') AS digest FROM operator_log WHERE seq = $1`,
    [kept.seq],
  );
  return { ...check, cut: endsBefore(kept, row?.digest) };
}
