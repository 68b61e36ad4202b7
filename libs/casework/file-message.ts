import { TraoError } from '../errors';
import { digestOf, type Opened } from '../envelope';
import { assertAllowed, caseStateOf, knownToAuthor, otherSide, toStep, type Step } from '../lifecycle';
import { EMPTY_CHAIN, newCase, NO_NOTES, type CaseSummary, type Chain, type OpenCase } from './case-record';
import { namesIn } from './searchable';
import type { Tombstone } from './tombstone';

/**
 * The case of the receiving unit after a message: the business rules of filing, without any store. Whether a message was
 * allowed is judged by what its author knew, so both sides come to the same verdict whatever crossed on the way.
 * @param record the unit's case of that referral; undefined when there is none yet
 * @param receivedAt when the message arrived here: deadlines count from there
 * @throws TraoError `seq_gap` (hold it), `seq_reused`, `chain_broken`, `foreign_thread`, `unknown_referral`, `transition_refused`
 */
export function fileMessage(
  opened: Opened,
  record: OpenCase | undefined,
  storageKey: Uint8Array,
  receivedAt: Date,
): OpenCase {
  const { message, original, unknownFields } = opened;
  const { header } = message;
  const before = record ?? openedBy(opened, storageKey, receivedAt);
  const { summary } = before;
  assertContinues(header, summary);
  const digest = digestOf(original);
  const step = toStep(message, otherSide(summary.side), digest, summary.steps);
  assertPossible(step, summary);
  const known = knownToAuthor(summary.steps, step);
  assertAllowed(known.length > 0 ? caseStateOf(known) : undefined, step);
  const { local } = summary;
  const unknown = unknownFields.length === 0 ? [] : [{ messageId: step.id, fields: unknownFields }];
  const noted = {
    ...local,
    names: [...new Set([...local.names, ...namesIn(message)])],
    unknownFields: [...local.unknownFields, ...unknown],
  };
  return {
    ...before,
    summary: { ...summary, filed: { seq: step.seq, digest }, steps: [...summary.steps, step], local: noted },
  };
}

/** What remains of an erased case after a message for it: its place in the chain, and that the partner has erased too. */
export function fileOnTombstone(opened: Opened, tombstone: Tombstone): Tombstone {
  const { message, original } = opened;
  assertContinues(message.header, tombstone);
  const filed = { seq: message.header.seq, digest: digestOf(original) };
  if (message.header.messageType !== 'erasure_confirm') return { ...tombstone, filed };
  return { ...tombstone, filed, partnerErasedAt: message.header.createdAt };
}

function openedBy({ message: { header } }: Opened, storageKey: Uint8Array, receivedAt: Date): OpenCase {
  // The message that opens the referral may still be on its way.
  if (header.seq > 1) throw new TraoError('seq_gap');
  if (header.messageType !== 'referral') throw new TraoError('unknown_referral');
  const summary: CaseSummary = {
    side: 'recipient',
    partnerUnit: header.senderUnit,
    sent: EMPTY_CHAIN,
    filed: EMPTY_CHAIN,
    openedBy: header.messageId,
    steps: [],
    local: { ...NO_NOTES, filedAt: receivedAt.toISOString() },
  };
  return newCase(header.recipientUnit, header.referralId, summary, storageKey);
}

function assertContinues(
  header: Opened['message']['header'],
  { partnerUnit, filed }: { readonly partnerUnit: string; readonly filed: Chain },
): void {
  if (partnerUnit !== header.senderUnit) throw new TraoError('foreign_thread');
  if (header.seq > filed.seq + 1) throw new TraoError('seq_gap');
  if (header.seq <= filed.seq) throw new TraoError('seq_reused');
  if (header.prevDigest !== filed.digest) throw new TraoError('chain_broken');
}

/** Nobody has seen what was never sent, and nobody forgets what was seen: the agreed order rests on this. */
function assertPossible(step: Step, { sent, steps }: CaseSummary): void {
  const before = steps.findLast(({ by }) => by === step.by)?.seen ?? 0;
  if (step.seen > sent.seq || step.seen < before) throw new TraoError('chain_broken');
}
