import type { DeliveryState } from '../lifecycle';
import type { AlertFacts, PartnerLink, RunningProcess } from '../monitoring';
import type { Directory } from '../schema';
import { readDirectory } from '../trust';
import type { Database, Query } from './database';
import { watchStore } from './partner-watch';

/** Runs over the index of what is not settled alone. */
const UNSENT = `
SELECT recipient_node AS partner, lane, count(*)::int AS waiting, min(created_at) AS "oldestAt"
FROM outbox WHERE state IN ('queued', 'sending') GROUP BY recipient_node, lane ORDER BY recipient_node, lane`;

const PROCESSES = `
SELECT app, host, facts FROM process_beat WHERE beat_at > now() - interval '60 seconds' ORDER BY started_at`;

const LINKS = `
SELECT partner, side, fingerprint, valid_to AS "validTo", first_seen AS "firstSeen", last_seen AS "lastSeen" FROM partner_link
ORDER BY partner, side, first_seen`;

/** The last few of each partner, the newest first. */
const PINGS = `
SELECT partner, outcome = 'ok' AS ok, code FROM (
  SELECT partner, outcome, code, ended_at, row_number() OVER (PARTITION BY partner ORDER BY ended_at DESC) AS place
  FROM partner_ping WHERE ended_at > now() - interval '7 days') AS p
WHERE place <= 3 ORDER BY partner, ended_at DESC`;

const HOLDS = `
SELECT 'partner' AS what, partner AS name FROM partner_hold UNION ALL SELECT 'queue', queue FROM queue_hold ORDER BY 1, 2`;

const BACKUP = `SELECT max(at) FILTER (WHERE ok) AS "newestAt" FROM backup_run HAVING count(*) > 0`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads what alerts are judged from, as the role `monitor` may see it. */
export function alertFactsReader(database: Database, node: string) {
  const { query } = database;
  const inForce = directoryReader(query);
  const watches = watchStore(database);
  /** @param subjects what open alerts are about: of messages and files among them it is read how far they are */
  return async (subjects: readonly string[]): Promise<AlertFacts> => {
    const ids = [...new Set(subjects.filter((subject) => UUID.test(subject)))];
    const holds = await query<{ readonly what: string; readonly name: string }>(HOLDS);
    const held = (what: string) => holds.filter((hold) => hold.what === what).map(({ name }) => name);
    const [backup] = await query<{ readonly newestAt: Date | null }>(BACKUP);
    const pings = await query<{ readonly partner: string; readonly ok: boolean; readonly code: string | null }>(PINGS);
    return {
      node,
      processes: await query<RunningProcess>(PROCESSES),
      unsent: await query<AlertFacts['unsent'][number]>(UNSENT),
      ...(await inForce()),
      links: await query<PartnerLink>(LINKS),
      watches: await watches.known(),
      pings: pings.map(({ partner, ok, code }) => ({ partner, ok, code: code ?? undefined })),
      databaseClock: await clockOf(query),
      heldPartners: held('partner'),
      heldQueues: held('queue'),
      backup: backup && { newestAt: backup.newestAt ?? undefined },
      outgoing: await states<DeliveryState>(query, 'SELECT id, state FROM outbox WHERE id = ANY ($1::uuid[])', ids),
      incoming: await states(query, 'SELECT id, state FROM inbox WHERE id = ANY ($1::uuid[])', ids),
      // A file that units of one node hand on has a row at each end.
      files: await states(
        query,
        `SELECT id, delivery AS state FROM attachment WHERE id = ANY ($1::uuid[]) AND delivery <> 'none'`,
        ids,
      ),
    };
  };
}

/** How far the clock of the database is ahead of that of this process; in doubt by half of the time that the answer took. */
async function clockOf(query: Query): Promise<AlertFacts['databaseClock']> {
  const asked = Date.now();
  const [row] = await query<{ readonly at: Date }>('SELECT clock_timestamp() AS at');
  const doubtMs = (Date.now() - asked) / 2;
  return { offsetMs: row!.at.getTime() - asked - doubtMs, doubtMs };
}

async function states<S extends string>(query: Query, sql: string, ids: readonly string[]): Promise<Map<string, S>> {
  if (ids.length === 0) return new Map();
  const rows = await query<{ readonly id: string; readonly state: S }>(sql, [ids]);
  return new Map(rows.map(({ id, state }) => [id, state]));
}

/** The directory in force is read when its version changes: it is the largest thing here, and it seldom does. */
function directoryReader(query: Query) {
  let known: { readonly version: string; readonly directory: Directory | undefined } | undefined;
  return async (): Promise<Pick<AlertFacts, 'directory' | 'adoptedAt'>> => {
    const versions = await query<{ readonly version: string; readonly adoptedAt: Date }>(
      `SELECT version, adopted_at AS "adoptedAt" FROM directory_document d ORDER BY d.version DESC LIMIT 20`,
    );
    const [newest] = versions;
    if (newest && newest.version !== known?.version)
      known = { version: newest.version, directory: await signedDirectory(query, newest.version) };
    return { directory: newest && known?.directory, adoptedAt: versions.map(({ adoptedAt }) => adoptedAt) };
  };
}

/** Undefined for one that cannot be read: its end is not known then, and everything else is still judged. */
async function signedDirectory(query: Query, version: string): Promise<Directory | undefined> {
  const [row] = await query<{ readonly signed: Buffer }>('SELECT signed FROM directory_document WHERE version = $1', [
    version,
  ]);
  const read = row && readDirectory(row.signed);
  return (await read?.catch(() => undefined))?.directory;
}
