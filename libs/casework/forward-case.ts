import { faultAt, TraoError } from '../errors';
import { caseStateOf, type CaseState } from '../lifecycle';
import { exportFaults, forwardFaults, type ExportUse } from '../protection';
import type { Consent, ConsentRecord, Message, Referral, Role } from '../schema';
import { openCase, type OpenCase } from './case-record';
import { saveDraft, type DraftPorts } from './drafting';
import { assertReadable } from './frozen';
import { permittedOn } from './origin';
import type { Actor } from './ports';
import type { ReadPorts } from './read-cases';
import { isErased } from './tombstone';
import { shownOf } from './transfers';

export interface ForwardPorts {
  readonly drafts: DraftPorts;
  readonly reading: ReadPorts;
}

export interface ForwardRequest {
  readonly referralId: string;
  readonly recipientUnit: string;
  readonly authorRole: Role;
  readonly approverRole: Role;
  /** The person's agreement to this recipient: the consent for the first one does not cover another. */
  readonly record?: ConsentRecord | undefined;
}

/**
 * Drafts a referral to another unit from the content of a case. A unit that received the content may pass it on only as its
 * handling allows; the unit it came from may send its own content elsewhere, as after a redirect.
 * @throws TraoError `protection_refused`, `not_found`, `forbidden`, `unknown_unit`
 */
export async function forwardCase(actor: Actor, request: ForwardRequest, { drafts, reading }: ForwardPorts) {
  const { referral, state, record } = await openingOf(actor, request.referralId, reading);
  // Whoever may still read a frozen case may not begin another one with it.
  if (state.consent.state === 'withdrawn' || record.summary.local.frozenBy !== undefined)
    throw new TraoError('case_frozen');
  assertNotHeld(record);
  const now = drafts.clock.now();
  const { unit } = drafts.self.partners().activeUnit(request.recipientUnit, now);
  if (record.summary.side === 'recipient') {
    const target = { unit: unit.id, unitClass: unit.class };
    const permitted = permittedOn(now.toISOString().slice(0, 10), state);
    const faults = forwardFaults(referral.handling, target, permitted);
    if (faults.length > 0) throw new TraoError('protection_refused', { faults });
  }
  const { header, consent, ...content } = referral;
  const { schemaVersion, purpose, priority, groupRef, journeyRef } = header;
  const { recipientUnit, authorRole, approverRole } = request;
  const document = {
    header: {
      schemaVersion,
      messageType: 'referral',
      recipientUnit,
      authorRole,
      approverRole,
      purpose,
      priority,
      ...(groupRef && { groupRef }),
      ...(journeyRef && { journeyRef }),
    },
    ...content,
    ...(consent && { consent: stillAgreed(consent, state) }),
  };
  const submission = { document, record: request.record ?? record.summary.local.record };
  const { side } = record.summary;
  const origin = { referralId: request.referralId, handling: side === 'recipient' ? referral.handling : undefined };
  return saveDraft(actor, submission, drafts, origin);
}

/** @throws TraoError `protection_refused` while a hold stands: nothing of the case goes anywhere */
function assertNotHeld({ summary }: OpenCase): void {
  if (!summary.local.hold) return;
  throw new TraoError('protection_refused', { faults: [faultAt('', 'protection_hold')] });
}

/** The consent without what the person has withdrawn since. */
function stillAgreed(consent: Consent, { consent: { scopes, state } }: CaseState): Consent {
  const status = state === 'narrowed' ? state : consent.status;
  return { ...consent, status, scopes: consent.scopes.filter((scope) => scopes.includes(scope)) };
}

/**
 * The messages of a case for a file, with how they may be used.
 * @throws TraoError `protection_refused` when its handling forbids that use, `not_found`, `case_frozen`
 */
export async function exportCase(actor: Actor, referralId: string, use: ExportUse, { reading }: ForwardPorts) {
  const { referral, record } = await openingOf(actor, referralId, reading);
  const { side, steps } = record.summary;
  const faults = exportFaults(referral.handling, use, side);
  if (faults.length > 0) throw new TraoError('protection_refused', { faults });
  if (use !== 'case_file') assertNotHeld(record);
  const messages = await reading.read(actor.unit, async (store) => {
    const found: Message[] = [];
    for (const { id } of steps) {
      const row = await store.message(actor.unit, id);
      if (row) found.push(shownOf(record, row.event, reading.clock.now()));
    }
    return found;
  });
  return { referralId, use, handling: referral.handling, messages };
}

async function openingOf(actor: Actor, referralId: string, { keys, read, clock }: ReadPorts) {
  const { unit } = actor;
  const storageKey = await keys.storageKey(unit);
  return read(unit, async (store): Promise<{ referral: Referral; state: CaseState; record: OpenCase }> => {
    const row = await store.case(unit, referralId);
    if (!row) throw new TraoError('not_found');
    if (isErased(row.stored)) throw new TraoError('case_erased');
    const record = openCase(row.stored, storageKey);
    const state = caseStateOf(record.summary.steps);
    assertReadable(record, state, actor);
    const found = await store.message(unit, record.summary.openedBy);
    if (!found) throw new TraoError('not_found');
    return { referral: shownOf(record, found.event, clock.now()) as Referral, state, record };
  });
}
