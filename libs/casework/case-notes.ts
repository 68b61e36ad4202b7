import { TraoError } from '../errors';
import { dutyKey } from '../deadlines';
import { caseStateOf } from '../lifecycle';
import { nextMarkOf, type DeadlinePorts } from './case-deadlines';
import { closeCase, openCase, type LocalNotes, type OpenCase, type StoredCase } from './case-record';
import { assertMayHold } from './drafting';
import type { Actor, Clock, StorageKeys } from './ports';
import { isErased } from './tombstone';

export interface NotesStore {
  /** The case, locked until the commit, or undefined. */
  lockCase(unit: string, referralId: string): Promise<StoredCase | undefined>;
  saveCase(record: StoredCase): Promise<void>;
}

export interface NotesPorts extends DeadlinePorts {
  readonly keys: StorageKeys;
  readonly clock: Clock;
  readonly transaction: <T>(unit: string, work: (store: NotesStore) => Promise<T>) => Promise<T>;
}

/**
 * Sets or lifts the protection hold of a case: while it stands, nothing about the person leaves this node (domain §1, fact 5).
 * It is kept here and travels nowhere.
 * @throws TraoError `forbidden`, `not_found`, `case_erased`
 */
export async function holdCase(actor: Actor, referralId: string, hold: boolean, ports: NotesPorts): Promise<void> {
  assertMayHold(actor, hold);
  const held = hold ? { by: actor.id, at: ports.clock.now().toISOString() } : undefined;
  await changeNotes(actor, referralId, ports, ({ summary }) => ({ ...summary.local, hold: held }));
}

/**
 * Records that data protection has reviewed the decision to share without consent.
 * @throws TraoError `forbidden`, `not_found`, `case_erased`, `bad_request` where nothing was decided
 */
export async function reviewOverride(actor: Actor, referralId: string, ports: NotesPorts): Promise<void> {
  if (!actor.roles.includes('dpo')) throw new TraoError('forbidden');
  await changeNotes(actor, referralId, ports, ({ summary }) => {
    const { local, openedBy } = summary;
    if (!local.override) throw new TraoError('bad_request', { detail: 'Nothing was shared without consent.' });
    return { ...local, done: [...local.done, dutyKey('override_review', openedBy)] };
  });
}

async function changeNotes(
  actor: Actor,
  referralId: string,
  ports: NotesPorts,
  change: (record: OpenCase) => LocalNotes,
): Promise<void> {
  const storageKey = await ports.keys.storageKey(actor.unit);
  await ports.transaction(actor.unit, async (store) => {
    const stored = await store.lockCase(actor.unit, referralId);
    if (!stored) throw new TraoError('not_found');
    if (isErased(stored)) throw new TraoError('case_erased');
    const record = openCase(stored, storageKey);
    const changed = { ...record, summary: { ...record.summary, local: change(record) } };
    await store.saveCase(closeCase(changed, nextMarkOf(changed, caseStateOf(record.summary.steps), ports)));
  });
}
