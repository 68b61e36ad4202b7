import { TraoError } from '../errors';
import { digestOf, type Opened } from '../envelope';
import { nextReferral, withDelivery } from '../lifecycle';
import { EMPTY_CHAIN, newCase, type CaseSummary, type OpenCase } from './case-record';

/**
 * The case of the receiving unit after a message: the business rules of filing, without any store.
 * @param record the unit's case of that referral; undefined when there is none yet
 * @throws TraoError `seq_gap` (hold it), `seq_reused`, `chain_broken`, `foreign_thread`, `unknown_referral`, `transition_refused`
 */
export function fileMessage(opened: Opened, record: OpenCase | undefined, storageKey: Uint8Array): OpenCase {
  const { header } = opened.message;
  const filed = { seq: header.seq, digest: digestOf(opened.original) };
  if (!record) {
    // The message that opens the referral may still be on its way.
    if (header.seq > 1) throw new TraoError('seq_gap');
    if (header.messageType !== 'referral') throw new TraoError('unknown_referral');
    const summary: CaseSummary = {
      state: withDelivery(nextReferral(undefined, 'referral', 'sender'), 'delivered'),
      side: 'recipient',
      partnerUnit: header.senderUnit,
      sent: EMPTY_CHAIN,
      filed,
      openedBy: header.messageId,
    };
    return newCase(header.recipientUnit, header.referralId, summary, storageKey);
  }
  const { summary } = record;
  if (summary.partnerUnit !== header.senderUnit) throw new TraoError('foreign_thread');
  if (header.seq > summary.filed.seq + 1) throw new TraoError('seq_gap');
  if (header.seq <= summary.filed.seq) throw new TraoError('seq_reused');
  if (header.prevDigest !== summary.filed.digest) throw new TraoError('chain_broken');
  const author = summary.side === 'sender' ? 'recipient' : 'sender';
  const state = nextReferral(summary.state, header.messageType, author);
  return { ...record, summary: { ...summary, state, filed } };
}
