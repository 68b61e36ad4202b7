import { TraoError } from '../errors';
import { settingChange, type SettingShape } from '../monitoring';
import type { Query } from './database';
import { noteAct } from './operator-log';

/** A value that somebody has set. */
export interface KeptSetting {
  readonly name: string;
  readonly value: unknown;
  readonly changedBy: string;
  readonly changedAt: Date;
}

/** A change of a security setting that waits for a second person. */
export interface OpenChange extends settingChange.ProposedChange {
  readonly id: string;
  readonly name: string;
  readonly value: unknown;
  readonly proposedAt: Date;
}

type Acting = settingChange.ChangingOperator;

const CHANGE = `id, name, value, proposed_by AS "proposedBy", proposed_at AS "proposedAt", state`;

export function keptSettings(query: Query): Promise<KeptSetting[]> {
  return query<KeptSetting>(
    `SELECT name, value, changed_by AS "changedBy", changed_at AS "changedAt" FROM setting ORDER BY name`,
  );
}

/** Values by name. */
export async function settingValues(query: Query): Promise<Map<string, unknown>> {
  return new Map((await keptSettings(query)).map(({ name, value }) => [name, value]));
}

export function openChanges(query: Query): Promise<OpenChange[]> {
  return query<OpenChange>(`SELECT ${CHANGE} FROM setting_change WHERE state = 'open' ORDER BY proposed_at`);
}

/** Sets an ordinary setting at once, inside the transaction of whoever may. The value was checked before. */
export async function setSetting(query: Query, operator: Acting, shape: SettingShape, value: unknown): Promise<void> {
  if (!settingChange.maySet(operator, shape)) throw new TraoError('forbidden');
  await keep(query, operator, 'setting_changed', shape, value);
}

/** Proposes a value for a security setting. @throws TraoError `forbidden`; `change_pending` while another one is open */
export async function proposeSetting(
  query: Query,
  operator: Acting,
  shape: SettingShape,
  value: unknown,
  id: string,
): Promise<void> {
  if (!settingChange.mayPropose(operator, shape)) throw new TraoError('forbidden');
  const made = await query(
    `INSERT INTO setting_change (id, name, value, proposed_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) WHERE state = 'open' DO NOTHING RETURNING id`,
    [id, shape.name, JSON.stringify(value), operator.id],
  );
  if (made.length === 0) throw new TraoError('change_pending');
  await noteAct(query, operator, 'setting_proposed', shape.name, await valueNow(query, shape), { value });
}

/**
 * Confirms a proposal: from now on it holds.
 * @throws TraoError `not_found`, `forbidden`, `second_person_needed`, `change_decided`; `bad_request` for a value that is not taken any more
 */
export async function confirmChange(query: Query, operator: Acting, id: string): Promise<OpenChange> {
  const change = await changeOf(query, id);
  settingChange.assertMayConfirm(operator, change);
  const shape = settingChange.settingShape(change.name);
  const fault = shape.validate(change.value);
  if (fault) throw new TraoError('bad_request', { faults: [fault] });
  await decide(query, operator, id, 'applied');
  await keep(query, operator, 'setting_confirmed', shape, change.value);
  return change;
}

/** Takes a proposal back. @throws TraoError `not_found`, `forbidden`, `change_decided` */
export async function withdrawChange(query: Query, operator: Acting, id: string): Promise<OpenChange> {
  const change = await changeOf(query, id);
  settingChange.assertMayWithdraw(operator, change);
  await decide(query, operator, id, 'withdrawn');
  await noteAct(query, operator, 'setting_withdrawn', change.name, { value: change.value });
  return change;
}

async function changeOf(query: Query, id: string): Promise<OpenChange> {
  const [change] = await query<OpenChange>(`SELECT ${CHANGE} FROM setting_change WHERE id = $1 FOR UPDATE`, [id]);
  if (!change) throw new TraoError('not_found');
  return change;
}

async function decide(query: Query, operator: Acting, id: string, state: 'applied' | 'withdrawn'): Promise<void> {
  await query('UPDATE setting_change SET state = $2, decided_by = $3, decided_at = now() WHERE id = $1', [
    id,
    state,
    operator.id,
  ]);
}

async function keep(query: Query, operator: Acting, act: string, shape: SettingShape, value: unknown): Promise<void> {
  const before = await valueNow(query, shape);
  await query(
    `INSERT INTO setting (name, value, changed_by) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by, changed_at = now()`,
    [shape.name, JSON.stringify(value), operator.id],
  );
  await noteAct(query, operator, act, shape.name, before, { value });
}

async function valueNow(
  query: Query,
  { name, default: otherwise }: SettingShape,
): Promise<{ readonly value: unknown }> {
  const [row] = await query<{ readonly value: unknown }>('SELECT value FROM setting WHERE name = $1 FOR UPDATE', [
    name,
  ]);
  return { value: row ? row.value : otherwise };
}
