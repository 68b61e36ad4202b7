import {
  closeCase,
  openCase,
  type OpenCase,
  type StoredCase,
  nextMarkOf,
  type DeadlinePorts,
  type Actor,
  type Clock,
  type StorageKeys,
  isErased,
} from '../casework';
import { TraoError } from '../errors';
import { decryptAtRest, encryptAtRest } from '../envelope';
import { caseStateOf } from '../lifecycle';

/** What an officer did with a case. */
export const ACCESS_ACTIONS = [
  'case_opened',
  'message_read',
  'file_opened',
  'printed',
  'exported',
  'assigned',
] as const;
export type AccessAction = (typeof ACCESS_ACTIONS)[number];

/** Why somebody opens a case that a colleague works on. */
export const ACCESS_REASONS = ['covering', 'supervision', 'urgent_risk', 'data_protection', 'other'] as const;
export type AccessReason = (typeof ACCESS_REASONS)[number];

export interface Reason {
  readonly code: AccessReason;
  /** In the officer's own words; asked for with `other`. */
  readonly text?: string | undefined;
}

/** An entry of the access log as stored. */
export interface StoredAccess {
  readonly unit: string;
  readonly referralId: string;
  /** The message or file. */
  readonly subject?: string | undefined;
  readonly officer: string;
  readonly action: string;
  readonly reasonCode?: string | undefined;
  /** Encrypted under the key of the case. */
  readonly reason?: Uint8Array | undefined;
}

export type LoggedAccess = StoredAccess & { readonly id: string; readonly at: Date };

/** An entry of the access log, to read. */
export interface ShownAccess extends Omit<LoggedAccess, 'reason' | 'unit'> {
  readonly reason?: string | undefined;
}

export interface AccessStore {
  /** The case, locked until the commit, or undefined. */
  lockCase(unit: string, referralId: string): Promise<StoredCase | undefined>;
  saveCase(record: StoredCase): Promise<void>;
  noteAccess(entry: StoredAccess): Promise<void>;
  /** Entries of one case, or of the whole unit, newest first, older than `before`. */
  accesses(
    unit: string,
    referralId: string | undefined,
    limit: number,
    before: string | undefined,
  ): Promise<LoggedAccess[]>;
}

export interface AccessPorts extends DeadlinePorts {
  readonly keys: StorageKeys;
  readonly clock: Clock;
  readonly transaction: <T>(unit: string, work: (store: AccessStore) => Promise<T>) => Promise<T>;
}

interface Access {
  readonly referralId: string;
  readonly action: AccessAction;
  readonly subject?: string | undefined;
  /** Why, where the case is a colleague's. */
  readonly reason?: Reason | undefined;
}

/**
 * Lets an officer in to a case of their unit and notes it. Whoever is not the one it is assigned to says why first; a case that is
 * assigned to nobody is open to all of its unit.
 * @returns who works on the case
 * @throws TraoError `not_found`, `reason_needed`
 */
export async function enterCase(actor: Actor, access: Access, ports: AccessPorts): Promise<string | undefined> {
  const storageKey = await ports.keys.storageKey(actor.unit);
  return ports.transaction(actor.unit, async (store) => {
    const { record, assigned } = await opened(actor.unit, access.referralId, store, storageKey);
    const { reason } = access;
    if (assigned !== undefined && assigned !== actor.id && !reason) throw new TraoError('reason_needed');
    await store.noteAccess(entryOf(actor, access, record));
    return assigned;
  });
}

/** Gives a case to an officer of the unit, who works on it from now on. @throws TraoError `not_found`, `case_erased` */
export async function assignCase(actor: Actor, referralId: string, to: string, ports: AccessPorts): Promise<void> {
  const storageKey = await ports.keys.storageKey(actor.unit);
  await ports.transaction(actor.unit, async (store) => {
    const { record } = await opened(actor.unit, referralId, store, storageKey);
    if (!record) throw new TraoError('case_erased');
    const assigned = { to, at: ports.clock.now().toISOString() };
    const changed = { ...record, summary: { ...record.summary, local: { ...record.summary.local, assigned } } };
    await store.saveCase(closeCase(changed, nextMarkOf(changed, caseStateOf(record.summary.steps), ports)));
    await store.noteAccess(entryOf(actor, { referralId, action: 'assigned' }, record));
  });
}

/**
 * Who did what with a case, newest first; without a case, in the whole unit. Reasons of an erased case are gone with its key.
 * @throws TraoError `not_found`
 */
export async function readAccesses(
  actor: Actor,
  {
    referralId,
    limit,
    before,
  }: { readonly referralId?: string; readonly limit: number; readonly before?: string | undefined },
  ports: AccessPorts,
): Promise<ShownAccess[]> {
  const storageKey = await ports.keys.storageKey(actor.unit);
  return ports.transaction(actor.unit, async (store) => {
    const record =
      referralId === undefined ? undefined : (await opened(actor.unit, referralId, store, storageKey)).record;
    const entries = await store.accesses(actor.unit, referralId, limit, before);
    return entries.map(({ reason, unit: _unit, ...entry }) => ({
      ...entry,
      ...(reason && record && { reason: readReason(reason, record, entry.officer) }),
    }));
  });
}

async function opened(unit: string, referralId: string, store: AccessStore, storageKey: Uint8Array) {
  const stored = await store.lockCase(unit, referralId);
  if (!stored) throw new TraoError('not_found');
  const record = isErased(stored) ? undefined : openCase(stored, storageKey);
  return { record, assigned: record?.summary.local.assigned?.to };
}

function entryOf(
  { id, unit }: Actor,
  { referralId, action, subject, reason }: Access,
  record: OpenCase | undefined,
): StoredAccess {
  const text = reason?.text;
  return {
    unit,
    referralId,
    subject,
    officer: id,
    action,
    reasonCode: reason?.code,
    ...(text !== undefined && record && { reason: encryptAtRest(record.key, Buffer.from(text), row(record, id)) }),
  };
}

function readReason(reason: Uint8Array, record: OpenCase, officer: string): string {
  return Buffer.from(decryptAtRest(record.key, reason, row(record, officer))).toString();
}

const row = ({ unit, referralId }: OpenCase, officer: string) => ['access_log', unit, referralId, officer];
