import { faultAt, TraoError } from '../errors';
import type { Database, Query } from './database';
import { noteAct, type ActingOperator } from './operator-log';
import { WORK_CHANNEL } from './work';

/** The queues that can be held, as libs/queue names them. */
export const QUEUES = ['emergency', 'partner', 'ingest'] as const;
export type QueueName = (typeof QUEUES)[number];

/** What operators have suspended, why, who did it and since when. */
export interface SuspendedThing {
  /** A partner or a queue. */
  readonly subject: string;
  readonly reason: string;
  readonly heldBy: string;
  readonly since: Date;
}

const MAX_REASON = 300;
/** Of holds only, so that names of tables and columns are never made of anything else. */
const KINDS = {
  partner: { table: 'partner_hold', column: 'partner', on: 'partner_suspended', off: 'partner_resumed' },
  queue: { table: 'queue_hold', column: 'queue', on: 'queue_held', off: 'queue_released' },
} as const;
type Kind = keyof typeof KINDS;

/**
 * What operators suspend. A suspended partner is sent nothing, and everything that comes from it is received and answered; of a held queue
 * the relay hands out nothing. Work that is under way ends. What is resumed goes on at once.
 * @param partners the other nodes of the directory in force
 */
export function suspensions(database: Database, partners: () => readonly string[]) {
  const assertPartner = (partner: string) => assertOneOf(partners(), partner);
  return {
    partners: () => listed(database.query, 'partner'),
    queues: () => listed(database.query, 'queue'),

    /** @throws TraoError `not_found`, `bad_request` (`/reason`), `already_suspended` */
    async suspendPartner(partner: string, reason: string, operator: ActingOperator): Promise<void> {
      assertPartner(partner);
      await hold(database, 'partner', partner, reason, operator);
    },
    /** @throws TraoError `not_found`, `bad_request` (`/reason`), `not_suspended` */
    async resumePartner(partner: string, reason: string, operator: ActingOperator): Promise<void> {
      assertPartner(partner);
      await release(database, 'partner', partner, reason, operator);
    },
    /** @throws TraoError `not_found`, `bad_request` (`/reason`), `already_suspended` */
    async holdQueue(queue: string, reason: string, operator: ActingOperator): Promise<void> {
      assertOneOf(QUEUES, queue);
      await hold(database, 'queue', queue, reason, operator);
    },
    /** @throws TraoError `not_found`, `bad_request` (`/reason`), `not_suspended` */
    async releaseQueue(queue: string, reason: string, operator: ActingOperator): Promise<void> {
      assertOneOf(QUEUES, queue);
      await release(database, 'queue', queue, reason, operator);
    },
  };
}
export type Suspensions = ReturnType<typeof suspensions>;

/** Partners that operators have suspended: whoever waits for them may be told so. For any role that reads the table. */
export async function suspendedPartners({ query }: Pick<Database, 'query'>): Promise<string[]> {
  const rows = await query<{ partner: string }>('SELECT partner FROM partner_hold ORDER BY partner');
  return rows.map(({ partner }) => partner);
}

function listed(query: Query, kind: Kind): Promise<SuspendedThing[]> {
  const { table, column } = KINDS[kind];
  return query(`SELECT ${column} AS subject, reason, held_by AS "heldBy", since FROM ${table} ORDER BY since`);
}

async function hold(database: Database, kind: Kind, subject: string, typed: string, operator: ActingOperator) {
  const { table, column, on } = KINDS[kind];
  const reason = reasonOf(typed);
  await database.transaction(async (query) => {
    const held = await query(
      `INSERT INTO ${table} (${column}, reason, held_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING ${column}`,
      [subject, reason, operator.id],
    );
    if (held.length === 0) throw new TraoError('already_suspended', { detail: subject });
    await noteAct(query, operator, on, subject, undefined, { reason });
  });
}

async function release(database: Database, kind: Kind, subject: string, typed: string, operator: ActingOperator) {
  const { table, column, off } = KINDS[kind];
  const reason = reasonOf(typed);
  await database.transaction(async (query) => {
    const [before] = await query<Omit<SuspendedThing, 'subject'>>(
      `DELETE FROM ${table} WHERE ${column} = $1 RETURNING reason, held_by AS "heldBy", since`,
      [subject],
    );
    if (!before) throw new TraoError('not_suspended', { detail: subject });
    await noteAct(query, operator, off, subject, before, { reason });
    await query('SELECT pg_notify($1, $2)', [WORK_CHANNEL, '']);
  });
}

function assertOneOf(known: readonly string[], subject: string): void {
  if (!known.includes(subject)) throw new TraoError('not_found', { detail: subject });
}

/** What no keyboard types and no page shows. */
const CONTROL = /\p{Cc}/u;

/** Why an operator does it: a line that others read. It is about partners and networks, never about a person. */
function reasonOf(typed: string): string {
  const reason = typed.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  const refuse = (rule: 'required' | 'too_long' | 'wrong_form', ...values: string[]) =>
    new TraoError('bad_request', { faults: [faultAt('/reason', rule, ...values)] });
  if (reason === '') throw refuse('required');
  if (reason.length > MAX_REASON) throw refuse('too_long', String(MAX_REASON));
  if (CONTROL.test(reason)) throw refuse('wrong_form');
  return reason;
}
