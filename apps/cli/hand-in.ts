import { asTraoError, TraoError, type RuleCode } from '../../libs/errors';
import type { Need, TextFindings } from '../../libs/protection';
import { holdersOf, roleOf } from './local/posts';
import { json, type OfficeCalls } from './office-calls';

/** What the node keeps of the person's agreement beside a message. */
export interface Records {
  readonly consent?: unknown;
  readonly override?: unknown;
}

export interface HandedIn {
  readonly messageId: string;
  /** The same had been handed in before with that key. */
  readonly replayed: boolean;
  /** Free texts in which the scan found something, and which were kept as they are. */
  readonly kept: readonly string[];
}

/** A draft as the office's REST interface shows it, as far as it is needed here. */
interface ShownDraft {
  readonly digest: string;
  readonly drafters: readonly string[];
  readonly needs: readonly Need[];
  readonly findings: readonly TextFindings[];
}

interface DraftRef {
  readonly id: string;
  readonly digest: string;
}

/** A message of a unit that is to be sent. */
export interface Letter {
  readonly unit: string;
  readonly document: unknown;
  readonly key: string;
  readonly records: Records;
}

/** What a draft with a second officer can put right. */
const NEEDS_A_DRAFT: readonly RuleCode[] = ['approval_missing', 'cosigner_missing', 'narrative_undecided'];
const SIGNED: readonly unknown[] = ['referral', 'erasure_confirm'];

/**
 * Hands a message in with the officers that it takes: directly where one may send it alone, and otherwise as a draft that its
 * author writes and others agree to. Trying again with the same key and document never sends twice.
 */
export async function handIn(letter: Letter, calls: OfficeCalls): Promise<HandedIn> {
  const { unit, document, key, records } = letter;
  const author = authorOf(unit, document);
  if (takesOthers(document, records)) return viaDraft(letter, author, calls);
  try {
    const init = json('POST', document, { 'idempotency-key': key });
    return { ...(await calls.asOfficer<Sent>(unit, author, '/messages', init)), kept: [] };
  } catch (error) {
    if (!needsDraft(asTraoError(error))) throw error;
    return viaDraft(letter, author, calls);
  }
}

type Sent = Pick<HandedIn, 'messageId' | 'replayed'>;

/** A key that was used by an earlier try for the draft of the same document is a conflict here, and none there. */
const needsDraft = ({ code, faults }: TraoError) =>
  code === 'idempotency_conflict' ||
  (code === 'protection_refused' && faults.some((fault) => NEEDS_A_DRAFT.includes(fault.code)));

function headerOf(document: unknown): Readonly<Record<string, unknown>> {
  const { header } = (document ?? {}) as { header?: unknown };
  return typeof header === 'object' && header !== null ? (header as Record<string, unknown>) : {};
}

/** The officer who may write in the header's role. Without one the office is asked as the desk, and says what is wrong. */
export function authorOf(unit: string, document: unknown): string {
  return holdersOf(unit, [String(headerOf(document)['authorRole'])])[0] ?? unit;
}

function takesOthers(document: unknown, { consent, override }: Records): boolean {
  const { messageType, approverRole } = headerOf(document);
  const kept = consent !== undefined || override !== undefined;
  return kept || approverRole !== undefined || SIGNED.includes(messageType);
}

async function viaDraft(letter: Letter, author: string, calls: OfficeCalls): Promise<HandedIn> {
  const { unit, key } = letter;
  const draft = await write(letter, author, calls);
  try {
    const kept = await agree(draft, unit, author, calls);
    const init = { method: 'POST', headers: { 'idempotency-key': key } };
    const sent = await calls.asOfficer<Sent>(unit, author, `/drafts/${draft.id}/send`, init);
    if (sent.replayed) await discard(draft, unit, author, calls);
    return { ...sent, kept };
  } catch (error) {
    // What is refused stays with its author; a draft that nobody will find again would only be one more copy.
    if (!asTraoError(error).retryable) await discard(draft, unit, author, calls);
    throw error;
  }
}

/** A draft that everybody has agreed to, ready to be sent by its author. */
export async function prepareDraft(
  letter: Letter,
  calls: OfficeCalls,
): Promise<DraftRef & { readonly author: string }> {
  const author = authorOf(letter.unit, letter.document);
  const draft = await write(letter, author, calls);
  await agree(draft, letter.unit, author, calls);
  return { ...draft, author };
}

function write({ unit, document, records, key }: Letter, author: string, calls: OfficeCalls): Promise<DraftRef> {
  const init = json('POST', { document, ...records }, { 'idempotency-key': key });
  return calls.asOfficer<DraftRef>(unit, author, '/drafts', init);
}

/** Gets every yes that a draft needs, each from somebody else, and keeps its texts. Answers the places of those texts. */
async function agree({ id }: DraftRef, unit: string, author: string, calls: OfficeCalls): Promise<string[]> {
  const at = `/drafts/${id}`;
  const { digest, drafters, needs, findings } = await calls.asOfficer<ShownDraft>(unit, author, at);
  for (const { officer, need } of voicesFor(needs, unit, drafters)) {
    const approval = { digest, role: roleOf(unit, officer, need.roles), kind: need.kind };
    await calls.asOfficer(unit, officer, `${at}/approvals`, json('POST', approval));
  }
  for (const { pointer } of findings) {
    const decision = { digest, pointer, reason: 'needed_for_safety' };
    await calls.asOfficer(unit, author, `${at}/decisions`, json('POST', decision));
  }
  return findings.map(({ pointer }) => pointer);
}

/** Who says which yes: nobody signs twice, nobody decides twice, and an author says only what an author may. */
export function voicesFor(needs: readonly Need[], unit: string, drafters: readonly string[]) {
  const taken = new Set<string>();
  return needs.flatMap((need) => {
    const voice = (officer: string) => `${need.kind === 'override' ? 'decides' : 'signs'} ${officer}`;
    const officer = holdersOf(unit, need.roles).find(
      (id) => !taken.has(voice(id)) && (need.by === 'any_officer' || !drafters.includes(id)),
    );
    // Where a unit has nobody for it, the office says what is missing.
    if (officer === undefined) return [];
    taken.add(voice(officer));
    return [{ officer, need }];
  });
}

async function discard({ id, digest }: DraftRef, unit: string, author: string, calls: OfficeCalls): Promise<void> {
  const init = { method: 'DELETE', headers: { 'if-match': `"${digest}"` } };
  // It may be gone already; what matters is what `send` has answered.
  await calls.asOfficer(unit, author, `/drafts/${id}`, init).catch(() => undefined);
}
