import type { PartnerWatch, WatchStore } from '../exchange';
import { columns } from './columns';
import type { Database } from './database';

interface Row {
  readonly partner: string;
  readonly askedAt: Date;
  readonly answeredAt: Date | null;
  readonly version: string | null;
  readonly behindSince: Date | null;
  readonly offsetMs: string | null;
  readonly doubtMs: string | null;
  readonly code: string | null;
}

const KNOWN = `
SELECT partner, asked_at AS "askedAt", answered_at AS "answeredAt", version, behind_since AS "behindSince",
  clock_offset_ms AS "offsetMs", clock_doubt_ms AS "doubtMs", code FROM partner_watch ORDER BY partner`;

/** What is known of partners since they were last asked. */
export function watchStore(database: Database): WatchStore {
  return {
    async known() {
      return (await database.query<Row>(KNOWN)).map(toWatch);
    },
    async note(watches) {
      await database.query(
        `INSERT INTO partner_watch (partner, asked_at, answered_at, version, behind_since, clock_offset_ms, clock_doubt_ms, code)
         SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::bigint[], $5::timestamptz[], $6::bigint[],
           $7::bigint[], $8::text[])
         ON CONFLICT (partner) DO UPDATE SET asked_at = excluded.asked_at, answered_at = excluded.answered_at,
           version = excluded.version, behind_since = excluded.behind_since, clock_offset_ms = excluded.clock_offset_ms,
           clock_doubt_ms = excluded.clock_doubt_ms, code = excluded.code`,
        columns(
          watches,
          (w) => w.partner,
          (w) => w.askedAt,
          (w) => w.answeredAt ?? null,
          (w) => w.version ?? null,
          (w) => w.behindSince ?? null,
          (w) => (w.clock ? Math.round(w.clock.offsetMs) : null),
          (w) => (w.clock ? Math.round(w.clock.doubtMs) : null),
          (w) => w.code ?? null,
        ),
      );
    },
  };
}

function toWatch({ partner, askedAt, answeredAt, version, behindSince, offsetMs, doubtMs, code }: Row): PartnerWatch {
  return {
    partner,
    askedAt,
    answeredAt: answeredAt ?? undefined,
    version: version === null ? undefined : Number(version),
    behindSince: behindSince ?? undefined,
    clock: offsetMs === null || doubtMs === null ? undefined : { offsetMs: Number(offsetMs), doubtMs: Number(doubtMs) },
    code: code ?? undefined,
  };
}
