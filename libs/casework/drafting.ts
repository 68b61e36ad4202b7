import { faultAt, TraoError, type Fault } from '../errors';
import { digestOf } from '../envelope';
import { approvalKindFaults, narrativeFindings, type Approval, type Decision, type Need } from '../protection';
import type { Role } from '../schema';
import { toNfc } from '../text';
import { draftHeader } from './compose';
import {
  closeDraft,
  openDraft,
  readableDraft,
  submissionDigest,
  type Draft,
  type Origin,
  type StoredDraft,
  type Submission,
} from './draft';
import type { Actor } from './ports';
import { prepare, type PreparePorts } from './prepare';
import type { CaseSource } from './case-record';
import { assertWrites } from './send';

export interface DraftStore extends CaseSource {
  lockDraft(unit: string, id: string): Promise<StoredDraft | undefined>;
  saveDraft(draft: StoredDraft): Promise<void>;
  removeDraft(unit: string, id: string): Promise<void>;
  /** The unit's drafts, newest change first. */
  drafts(unit: string, limit: number): Promise<StoredDraft[]>;
}

export interface DraftPorts extends PreparePorts {
  readonly transaction: <T>(unit: string, work: (store: DraftStore) => Promise<T>) => Promise<T>;
}

export interface DraftRef {
  readonly unit: string;
  readonly id: string;
  /** The digest that the caller saw: a draft that was changed meanwhile is not changed, approved or sent unseen. */
  readonly digest: string;
}

/** A draft as its officers see it. */
export interface ShownDraft extends Draft {
  readonly id: string;
  readonly expiresAt: Date;
  /** What still has to be agreed to. */
  readonly needs: readonly Need[];
  /** Everything that blocks it now; empty when it can be sent. */
  readonly faults: readonly Fault[];
  /** What the scan found in free texts: places and kinds. */
  readonly findings: ReturnType<typeof narrativeFindings>;
}

/**
 * Keeps a submission as a draft, however incomplete: nothing that was written is lost. One that is there already under the
 * same id stays as it is, with its approvals and its hold.
 * @param origin the case that the content was taken from, where it came from another one
 * @throws TraoError `forbidden`, `schema_invalid` without a header, `idempotency_conflict` for other content under a known id
 */
export async function saveDraft(
  actor: Actor,
  submission: Submission,
  ports: DraftPorts,
  origin?: Origin,
): Promise<{ readonly id: string; readonly digest: string }> {
  const id = ports.newId();
  const { unit } = actor;
  const draft = { ...fresh(actor, submission), origin };
  await ports.transaction(unit, async (store) => {
    const known = await store.lockDraft(unit, id);
    if (!known) return store.saveDraft(await closed(unit, id, draft, ports));
    const { digest } = openDraft(known, await ports.keys.storageKey(unit));
    if (digest !== draft.digest) throw new TraoError('idempotency_conflict');
  });
  return { id, digest: draft.digest };
}

/** Replaces what a draft says. Every approval is void, and whoever changes it has written it. @throws TraoError `draft_changed`, `not_found` */
export async function changeDraft(
  actor: Actor,
  ref: DraftRef,
  submission: Submission,
  ports: DraftPorts,
): Promise<{ readonly id: string; readonly digest: string }> {
  const next = fresh(actor, submission);
  const { digest } = await onDraft(actor, ref, ports, (draft) => ({
    ...next,
    digest: submissionDigest(next, draft.files),
    drafters: [...new Set([...draft.drafters, actor.id])],
    hold: draft.hold,
    files: draft.files,
    progress: draft.progress,
    origin: draft.origin,
  }));
  return { id: ref.id, digest };
}

/**
 * Records that an officer agrees to exactly this version, in one of the roles that they hold.
 * @throws TraoError `forbidden` for a role that is not theirs, `protection_refused` when they may not, `draft_changed`
 */
export async function approveDraft(
  actor: Actor,
  ref: DraftRef,
  { role, kind }: Pick<Approval, 'role' | 'kind'>,
  ports: DraftPorts,
): Promise<void> {
  if (!actor.roles.includes(role)) throw new TraoError('forbidden', { detail: role });
  await onDraft(actor, ref, ports, (draft) => {
    const approval = { by: actor.id, role, kind, digest: draft.digest, at: ports.clock.now().toISOString() };
    const faults = approvalKindFaults(approval, draft.drafters);
    if (faults.length > 0) throw new TraoError('protection_refused', { faults });
    const others = draft.approvals.filter(({ by, kind: given }) => by !== actor.id || given !== kind);
    return { ...draft, approvals: [...others, approval] };
  });
}

/** Records an officer's decision to keep a text in which the scan found something. */
export async function decideText(
  actor: Actor,
  ref: DraftRef,
  { pointer, reason }: Pick<Decision, 'pointer' | 'reason'>,
  ports: DraftPorts,
): Promise<void> {
  await onDraft(actor, ref, ports, (draft) => {
    const text = textAt(draft.document, pointer);
    if (text === undefined) throw new TraoError('bad_request', { faults: [faultAt(pointer, 'required')] });
    const decision: Decision = {
      pointer,
      textDigest: digestOf(text),
      decision: 'keep',
      by: actor.id,
      at: ports.clock.now().toISOString(),
      reason,
    };
    return { ...draft, decisions: [...draft.decisions.filter((other) => other.pointer !== pointer), decision] };
  });
}

/** Blocks a draft, or lets it go again; why is nobody's business but theirs. @throws TraoError `forbidden` */
export async function holdDraft(actor: Actor, ref: DraftRef, hold: boolean, ports: DraftPorts): Promise<void> {
  assertMayHold(actor, hold);
  const at = ports.clock.now().toISOString();
  await onDraft(actor, ref, ports, (draft) => ({ ...draft, hold: hold ? { by: actor.id, at } : undefined }));
}

/** Anybody who protects a person may set a hold; only data protection lifts one. */
export function assertMayHold({ roles }: Actor, hold: boolean): void {
  const may: readonly Role[] = hold ? ['liaison_officer', 'caseworker', 'child_protection_officer', 'dpo'] : ['dpo'];
  if (!roles.some((role) => may.includes(role))) throw new TraoError('forbidden');
}

export async function discardDraft(actor: Actor, ref: DraftRef, ports: DraftPorts): Promise<void> {
  if (actor.unit !== ref.unit) throw new TraoError('forbidden');
  await ports.transaction(actor.unit, async (store) => {
    await lockedDraft(ref, store, ports);
    await store.removeDraft(actor.unit, ref.id);
  });
}

/** A draft with everything that still stands in its way. @throws TraoError `not_found` */
export async function readDraft(actor: Actor, id: string, ports: DraftPorts): Promise<ShownDraft> {
  return ports.transaction(actor.unit, async (store) => {
    const stored = await store.lockDraft(actor.unit, id);
    if (!stored) throw new TraoError('not_found');
    return shown(stored, store, ports);
  });
}

/** The drafts of a unit: ids, digests and dates, newest change first. */
export async function listDrafts(actor: Actor, limit: number, ports: DraftPorts) {
  const storageKey = await ports.keys.storageKey(actor.unit);
  const stored = await ports.transaction(actor.unit, (store) => store.drafts(actor.unit, limit));
  return stored.map((row) => {
    const draft = readableDraft(row, storageKey);
    // Shown as what it is, so that it hides neither itself nor the others.
    if (!draft) return { id: row.id, unreadable: true as const, expiresAt: row.expiresAt };
    const { digest, drafters, approvals, hold, document, asked } = draft;
    const { messageType, purpose, recipientUnit } = draftHeader(document);
    const agreed = approvals.map(({ by, role, kind }) => ({ by, role, kind }));
    return {
      id: row.id,
      digest,
      messageType,
      purpose,
      recipientUnit,
      drafters,
      approvals: agreed,
      held: hold !== undefined,
      asked: asked !== undefined,
      expiresAt: row.expiresAt,
    };
  });
}

async function shown(stored: StoredDraft, store: DraftStore, ports: DraftPorts): Promise<ShownDraft> {
  const draft = openDraft(stored, await ports.keys.storageKey(stored.unit));
  const { id, expiresAt } = stored;
  try {
    const { message, record, needs, faults } = await prepare(stored.unit, draft, store, ports);
    return {
      ...draft,
      id,
      expiresAt,
      needs,
      faults,
      findings: narrativeFindings(message, record?.summary.local.names),
    };
  } catch (error) {
    // A draft may be unfinished; what is missing is what its officer wants to know.
    if (!(error instanceof TraoError) || error.retryable) throw error;
    const faults = error.faults.length > 0 ? error.faults : [faultAt('', 'not_possible_now', error.code)];
    return { ...draft, id, expiresAt, needs: [], faults, findings: [] };
  }
}

function fresh(actor: Actor, { document, record, override }: Submission): Draft {
  assertWrites(actor, document);
  const submission = { document: toNfc(document), record, override };
  return { ...submission, drafters: [actor.id], digest: submissionDigest(submission), approvals: [], decisions: [] };
}

/** Changes a draft that still is what the caller saw. @throws TraoError `forbidden`, `not_found`, `draft_changed` */
export async function onDraft(
  actor: Actor,
  ref: DraftRef,
  ports: DraftPorts,
  change: (draft: Draft) => Draft,
): Promise<Draft> {
  if (actor.unit !== ref.unit) throw new TraoError('forbidden');
  return ports.transaction(actor.unit, async (store) => {
    const draft = change(await lockedDraft(ref, store, ports));
    await store.saveDraft(await closed(ref.unit, ref.id, draft, ports));
    return draft;
  });
}

async function lockedDraft({ unit, id, digest }: DraftRef, store: DraftStore, { keys }: DraftPorts): Promise<Draft> {
  const stored = await store.lockDraft(unit, id);
  if (!stored) throw new TraoError('not_found');
  const draft = openDraft(stored, await keys.storageKey(unit));
  if (draft.digest !== digest) throw new TraoError('draft_changed');
  return draft;
}

async function closed(unit: string, id: string, draft: Draft, { keys, clock }: DraftPorts): Promise<StoredDraft> {
  return closeDraft(unit, id, draft, await keys.storageKey(unit), clock.now());
}

/** The text at a JSON pointer (RFC 6901), or undefined. */
function textAt(document: unknown, pointer: string): string | undefined {
  let here: unknown = document;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return typeof here === 'string' ? here : undefined;
}
