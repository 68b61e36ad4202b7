import {
  approveDraft,
  decideText,
  discardDraft,
  readDraft,
  saveDraft,
  type Actor,
  type DraftPorts,
  type SendRequest,
  type Submission,
} from '../../libs/casework';
import { countryOf } from '../../libs/protection';
import type { Role } from '../../libs/schema';
import { overrideFor, recordFor } from './consent-records';
import type { Draft } from './documents';
import type { FictionalWorld } from './fictional-world';
import type { ManualClock } from './manual-clock';
import { officer } from './officers';

/** What the officers of a unit do before a message can leave. */

/** Where they do it. */
interface Office {
  readonly world: FictionalWorld;
  readonly clock: ManualClock;
  readonly ports: { readonly draft: DraftPorts };
}

const isDraft = (document: unknown): document is Draft =>
  typeof document === 'object' && document !== null && 'header' in document;

/** The first officer who may write in the role that the document names. */
export function authorOf(document: unknown, unit: string): Actor {
  const role = isDraft(document) ? document.header['authorRole'] : undefined;
  return officer(unit, typeof role === 'string' ? (role as Role) : 'case_officer');
}

/** The document with the consent, or the decision instead of it, that it says it rests on. */
export function submissionOf({ world, clock }: Office, document: unknown): Submission {
  if (!isDraft(document)) return { document };
  const { recipientUnit } = document.header;
  const node = world.partners.nodeOf(recipientUnit as string);
  const unit = world.directory.nodes.flatMap(({ units }) => units).find(({ id }) => id === recipientUnit);
  const record = node && unit && recordFor(document, unit.class, countryOf(node)!);
  const override = overrideFor(document, clock.now());
  return { document, ...(record && { record }), ...(override && { override }) };
}

/** Drafts a document and has it agreed to by everybody it needs; what needs nobody is handed in as it is. */
export async function handInOf(node: Office, document: unknown, unit: string): Promise<SendRequest['handIn']> {
  const submission = submissionOf(node, document);
  const systems = ['ping', 'stats_report'];
  if (!isDraft(document) || systems.includes(document.header['messageType'] as string)) return submission;
  const author = authorOf(document, unit);
  const saved = { unit, ...(await saveDraft(author, submission, node.ports.draft)) };
  const { needs, findings } = await readDraft(author, saved.id, node.ports.draft);
  if (needs.length === 0 && findings.length === 0) {
    await discardDraft(author, saved, node.ports.draft);
    return submission;
  }
  const voices: Record<string, string[]> = { signs: [author.id], decides: [] };
  for (const { kind, roles } of needs) {
    const voice = voices[kind === 'override' ? 'decides' : 'signs']!;
    const approver = officer(unit, roles[0]!, voice);
    await approveDraft(approver, saved, { role: roles[0]!, kind }, node.ports.draft);
    voice.push(approver.id);
  }
  const reason = 'needed_for_safety';
  for (const { pointer } of findings) await decideText(author, saved, { pointer, reason }, node.ports.draft);
  return { draftId: saved.id };
}
