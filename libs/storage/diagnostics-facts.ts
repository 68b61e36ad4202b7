import type { diagnostics } from '../monitoring';
import type { Query } from './database';
import { schemaState } from './backups';
import { settingValues } from './settings-changes';

const PROCESSES = `
SELECT app, version, started_at AS "startedAt", beat_at AS "beatAt", facts FROM process_beat ORDER BY app, started_at`;

const COUNTS = `
SELECT 'outgoing' AS table, state, count(*)::int AS count FROM outbox GROUP BY state
UNION ALL SELECT 'incoming', state, count(*)::int FROM inbox GROUP BY state
UNION ALL SELECT 'files', state, count(*)::int FROM attachment GROUP BY state
UNION ALL SELECT 'receipts', state, count(*)::int FROM receipt GROUP BY state
ORDER BY 1, 2`;

const ALERTS = `
SELECT kind, level, state, count(*)::int AS count FROM alert GROUP BY kind, level, state ORDER BY kind, state, level`;

const PARTNERS = `
SELECT p.partner, w.asked_at AS "askedAt", w.answered_at AS "answeredAt", w.version::int AS "directoryVersion",
  w.clock_offset_ms::int AS "clockOffsetMs", w.code, coalesce(c.failures, 0) AS failures, c.retry_at AS "retryAt",
  h.partner IS NOT NULL AS suspended, coalesce(u.waiting, 0) AS waiting, u.oldest AS "oldestAt"
FROM (SELECT partner FROM partner_watch UNION SELECT partner FROM circuit UNION SELECT partner FROM partner_hold) p
LEFT JOIN partner_watch w ON w.partner = p.partner
LEFT JOIN circuit c ON c.partner = p.partner
LEFT JOIN partner_hold h ON h.partner = p.partner
LEFT JOIN (SELECT recipient_node, count(*)::int AS waiting, min(created_at) AS oldest FROM outbox
           WHERE state IN ('queued', 'sending') GROUP BY recipient_node) u ON u.recipient_node = p.partner
ORDER BY p.partner`;

/** What a helper needs to know of a node: states and counts, of messages never more than how many. */
export async function diagnosticsFacts(
  query: Query,
): Promise<Omit<diagnostics.DiagnosticsFacts, 'node' | 'madeAt' | 'runtime'>> {
  const held = await query<{ readonly queue: string }>('SELECT queue FROM queue_hold ORDER BY queue');
  return {
    processes: await query<diagnostics.BeatingProcess>(PROCESSES),
    settings: await settingValues(query),
    counts: await query<diagnostics.StateCount>(COUNTS),
    alerts: await query<diagnostics.DiagnosticsFacts['alerts'][number]>(ALERTS),
    partners: await query<diagnostics.PartnerHealth>(PARTNERS),
    migrations: await schemaState(query),
    heldQueues: held.map(({ queue }) => queue),
  };
}
