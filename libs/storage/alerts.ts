import {
  ALERT_KINDS,
  ALERT_OF_ALARM,
  playRound,
  withoutCanaries,
  type Alert,
  type AlertFacts,
  type Condition,
  type RaisedAlarm,
  type RoundResult,
  type SettingValues,
} from '../monitoring';
import { alertFactsReader } from './alert-facts';
import { ALERT, saveAlerts, toAlert, type AlertRow } from './alert-rows';
import { insertTells, type TellTargets } from './alert-tells';
import type { Database, Query } from './database';

export { listAlerts, showAlert, type AlertFilter, type AlertTell } from './alert-lists';
export { changeAlert, tellStore, type ClaimedTell, type TellTargets } from './alert-tells';

/** One round in one transaction. */
export interface RoundInput {
  readonly now: Date;
  readonly facts: AlertFacts;
  readonly holding: readonly Condition[];
  readonly targets: TellTargets;
  /** Words of made-up cases that may stand in no alert. */
  readonly canaries: readonly string[];
  readonly newId: () => string;
}

/** Keeps alerts durable: what is known of a node, what is open, what people are to be told. */
export interface AlertStore {
  readonly open: () => Promise<Alert[]>;
  readonly facts: (open: readonly Alert[]) => Promise<AlertFacts>;
  readonly settings: () => Promise<SettingValues>;
  /**
   * Folds alarms that were raised since and what holds now into alerts, in one commit with the tells that it asks for.
   * @returns undefined when another monitor is at it
   */
  readonly round: (input: RoundInput) => Promise<RoundResult | undefined>;
  /** Notes once a minute how much waits in each lane. */
  readonly sampleDepth: (facts: AlertFacts, now: Date) => Promise<void>;
}

const ALARMS_AT_ONCE = 500;
const KNOWN_ALARMS = Object.keys(ALERT_OF_ALARM);
/** Kinds that are judged from facts and that only an operator ends: what they have settled can still be seen. */
const SETTLED_KINDS = Object.entries(ALERT_KINDS).flatMap(([kind, { source, ends }]) =>
  source === 'facts' && ends === 'operator' ? [kind] : [],
);
const LANES = ['emergency', 'urgent', 'normal'];

const LOCK = `SELECT pg_try_advisory_xact_lock(hashtextextended('trao.alerts', 0)) AS mine`;
const OPEN = `SELECT ${ALERT} FROM alert a WHERE a.state <> 'resolved' ORDER BY a.first_at, a.id`;
/** What a newer process raises of kinds that are not known here waits for a newer monitor. */
const ALARMS = `
SELECT id, kind, subject, code, detail, at FROM alarm WHERE NOT folded AND kind = ANY ($1) ORDER BY id LIMIT ${ALARMS_AT_ONCE}
FOR UPDATE`;

export function alertStore(database: Database, node: string): AlertStore {
  const read = alertFactsReader(database, node);
  return {
    open: async () => (await database.query<AlertRow>(OPEN)).map(toAlert),
    facts: (open) => read(open.map(({ subject }) => subject)),
    async settings() {
      const rows = await database.query<{ readonly name: string; readonly value: unknown }>(
        'SELECT name, value FROM setting',
      );
      return new Map(rows.map(({ name, value }) => [name, value]));
    },
    round: (input) => database.transaction((query) => round(query, input)),
    sampleDepth: (facts, now) => sample(database.query, facts, now),
  };
}

async function round(query: Query, input: RoundInput): Promise<RoundResult | undefined> {
  const { now, facts, holding, targets, canaries, newId } = input;
  const [lock] = await query<{ readonly mine: boolean }>(LOCK);
  if (!lock!.mine) return undefined;
  // Locked, so that what an operator does in this moment is neither overwritten nor missed.
  const open = (await query<AlertRow>(`${OPEN} FOR UPDATE`)).map(toAlert);
  const alarms = withoutCanaries(await fold(query), canaries);
  const settled = await query<Pick<Alert, 'kind' | 'subject'>>(
    `SELECT kind, subject FROM alert WHERE state = 'resolved' AND kind = ANY ($1) AND resolved_at > now() - interval '30 days'`,
    [SETTLED_KINDS],
  );
  const result = playRound({ now, facts, open, alarms, holding, settled, newId });
  await saveAlerts(query, result.alerts);
  await insertTells(query, result.tells, targets, now, newId);
  return result;
}

/** Takes alarms that were not folded yet, whatever their ids: one that was raised earlier may become visible later. */
async function fold(query: Query): Promise<RaisedAlarm[]> {
  type Row = Omit<RaisedAlarm, 'times' | 'code' | 'detail'> & {
    readonly id: string;
    readonly code: string | null;
    readonly detail: string | null;
  };
  const rows = await query<Row>(ALARMS, [KNOWN_ALARMS]);
  if (rows.length === 0) return [];
  const times = await timesBefore(query, rows);
  await query('UPDATE alarm SET folded = true WHERE id = ANY ($1::bigint[])', [rows.map(({ id }) => id)]);
  return rows.map(({ kind, subject, code, detail, at }) => {
    const count = (times.get(subject) ?? 0) + 1;
    if (kind === 'no_acknowledgement') times.set(subject, count);
    return { kind, subject, code: code ?? undefined, detail: detail ?? undefined, at, times: count };
  });
}

/** How often silence was told of before, by message; of other kinds the number does not matter. */
async function timesBefore(
  query: Query,
  rows: readonly { readonly kind: string; readonly subject: string }[],
): Promise<Map<string, number>> {
  const subjects = rows.filter(({ kind }) => kind === 'no_acknowledgement').map(({ subject }) => subject);
  if (subjects.length === 0) return new Map();
  const counted = await query<{ readonly subject: string; readonly times: number }>(
    `SELECT subject, count(*)::int AS times FROM alarm
     WHERE folded AND kind = 'no_acknowledgement' AND subject = ANY ($1) GROUP BY subject`,
    [subjects],
  );
  return new Map(counted.map(({ subject, times }) => [subject, times]));
}

async function sample(query: Query, { unsent }: AlertFacts, now: Date): Promise<void> {
  const lanes = LANES.map((lane) => {
    const groups = unsent.filter((group) => group.lane === lane);
    const oldest = Math.max(0, ...groups.map(({ oldestAt }) => now.getTime() - oldestAt.getTime()));
    return { lane, waiting: groups.reduce((sum, { waiting }) => sum + waiting, 0), oldest: Math.round(oldest / 1000) };
  });
  await query(
    `INSERT INTO depth_sample (at, lane, waiting, oldest_s)
     SELECT date_trunc('minute', $1::timestamptz), * FROM unnest($2::text[], $3::int[], $4::int[]) ON CONFLICT DO NOTHING`,
    [now, lanes.map(({ lane }) => lane), lanes.map(({ waiting }) => waiting), lanes.map(({ oldest }) => oldest)],
  );
}
