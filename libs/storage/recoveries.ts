import { TraoError } from '../errors';
import { recovering } from '../monitoring';
import type { Database, Query } from './database';
import { noteAct, type ActingOperator } from './operator-log';

type RecoverPlan = recovering.RecoverPlan;

/** A recovery as it was asked for. `states` of one that sent a single message again is the state that it had. */
export interface Recovery {
  readonly id: string;
  readonly partner: string;
  readonly since: Date;
  readonly until: Date;
  readonly states: readonly string[];
  readonly perMinute: number;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly stoppedAt: Date | null;
  readonly stoppedBy: string | null;
  /** Messages that were sent on their way again. */
  readonly total: number;
}

/** A message of a recovery. */
export interface RecoveredMessage {
  readonly id: string;
  readonly ordinal: number;
  readonly formerState: string;
  readonly formerCode: string | null;
  readonly state: string;
  readonly code: string | null;
  readonly nextAt: Date;
  readonly tried: boolean;
}

/** A message that a recovery would send again. */
export interface Candidate {
  readonly id: string;
  readonly lane: string;
  readonly state: string;
  readonly code: string | null;
  readonly attempts: number;
  readonly at: Date;
}

const CHOSEN: Readonly<Record<recovering.Recoverable, string>> = {
  failed: `state = 'undeliverable'`,
  never_tried: `(state = 'queued' AND attempts = 0)`,
  waiting: `(state = 'sending' OR (state = 'queued' AND attempts > 0))`,
};

/** Messages of a plan; what has expired is not sent again. $1 partner, $2 and $3 the window. */
const candidates = ({ states }: Pick<RecoverPlan, 'states'>) =>
  `FROM outbox WHERE recipient_node = $1 AND created_at >= $2 AND created_at < $3 AND expires_at > now()
   AND state IN ('queued', 'sending', 'undeliverable') AND (${states.map((state) => CHOSEN[state]).join(' OR ')})`;

const windowOf = ({ partner, since, until }: RecoverPlan) => [partner, since, until];

/** How many messages a plan finds, counted up to one more than may be sent again at once, and the first of them. */
export async function previewRecovery(
  { query }: Pick<Database, 'query'>,
  plan: RecoverPlan,
  sample = 10,
): Promise<{ readonly found: number; readonly sample: readonly Candidate[] }> {
  const [row] = await query<{ found: number }>(
    `SELECT count(*)::int AS found FROM (SELECT ${candidates(plan)} LIMIT $4) AS counted`,
    [...windowOf(plan), recovering.MAX_RECOVERED + 1],
  );
  const first = await query<Candidate>(
    `SELECT id, lane, state, code, attempts, created_at AS at ${candidates(plan)} ORDER BY created_at, id LIMIT $4`,
    [...windowOf(plan), sample],
  );
  return { found: row!.found, sample: first };
}

/**
 * Sends the messages of a plan again, all in one commit with the line in the log of acts. A form that comes twice starts one recovery.
 * @param id of the recovery, made with the form
 * @throws TraoError `bad_request` with the fault of a plan that finds nothing or too much
 */
export function startRecovery(
  database: Database,
  operator: ActingOperator,
  id: string,
  plan: RecoverPlan,
): Promise<void> {
  return database.transaction(async (query) => {
    if (!(await insertRecovery(query, operator, id, plan, plan.states))) return;
    const rows = await query<{ id: string }>(`SELECT id ${candidates(plan)} ORDER BY created_at, id LIMIT $4`, [
      ...windowOf(plan),
      recovering.MAX_RECOVERED + 1,
    ]);
    const fault = recovering.countFault(rows.length);
    if (fault) throw new TraoError('bad_request', { faults: [fault] });
    const moved = await resend(
      query,
      id,
      rows.map((row) => row.id),
      plan.perMinute,
    );
    const { partner, since, until, states, perMinute } = plan;
    await noteAct(query, operator, 'recovery_started', id, undefined, {
      partner,
      since: since.toISOString(),
      until: until.toISOString(),
      states,
      perMinute,
      messages: moved,
    });
  });
}

/**
 * Sends one message again, as a recovery of its own.
 * @throws TraoError `not_found` where nothing of that id was sent from here; `resend_refused` for one that arrived, was refused, has expired
 *   or was erased
 */
export function resendMessage(
  database: Database,
  operator: ActingOperator,
  recovery: string,
  id: string,
): Promise<void> {
  return database.transaction(async (query) => {
    const [row] = await query<{ partner: string; state: string; code: string | null; at: Date }>(
      'SELECT recipient_node AS partner, state, code, created_at AS at FROM outbox WHERE id = $1',
      [id],
    );
    if (!row) throw new TraoError('not_found');
    const plan = { partner: row.partner, since: row.at, until: row.at, perMinute: recovering.RATES.usual };
    if (!(await insertRecovery(query, operator, recovery, plan, [row.state]))) return;
    if ((await resend(query, recovery, [id], plan.perMinute)) === 0) throw new TraoError('resend_refused');
    await noteAct(query, operator, 'message_resent', id, { state: row.state, code: row.code }, { recovery });
  });
}

/** False when there is a recovery of that id: the same form was sent twice. */
async function insertRecovery(
  query: Query,
  operator: ActingOperator,
  id: string,
  { partner, since, until, perMinute }: Omit<RecoverPlan, 'states'>,
  states: readonly string[],
): Promise<boolean> {
  const rows = await query(
    `INSERT INTO recovery (id, partner, since, until, states, per_minute, requested_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [id, partner, since, until, states, perMinute, operator.id],
  );
  return rows.length > 0;
}

async function resend(query: Query, recovery: string, ids: readonly string[], perMinute: number): Promise<number> {
  const [row] = await query<{ moved: number }>('SELECT resend_messages($1, $2, $3) AS moved', [
    recovery,
    ids,
    perMinute,
  ]);
  return row!.moved;
}

/**
 * Stops a recovery: what it has not tried again yet is what it was. Stopping twice changes nothing.
 * @throws TraoError `not_found`
 */
export function stopRecovery(database: Database, operator: ActingOperator, id: string): Promise<void> {
  return database.transaction(async (query) => {
    const rows = await query(
      'UPDATE recovery SET stopped_at = now(), stopped_by = $2 WHERE id = $1 AND stopped_at IS NULL RETURNING id',
      [id, operator.id],
    );
    if (rows.length === 0) {
      if ((await query('SELECT 1 FROM recovery WHERE id = $1', [id])).length === 0) throw new TraoError('not_found');
      return;
    }
    const [row] = await query<{ back: number }>('SELECT stop_recovery($1) AS back', [id]);
    await noteAct(query, operator, 'recovery_stopped', id, undefined, { back: row!.back });
  });
}
