import { TraoError } from '../errors';
import type { CaseState } from '../lifecycle';
import type { Message } from '../schema';
import type { OpenCase } from './case-record';
import type { Actor } from './ports';

/**
 * Content that nobody may go on reading: the person has withdrawn, or it came to the wrong unit or is about the wrong person.
 * Data protection may, because it has to settle the matter.
 * @throws TraoError `case_frozen`
 */
export function assertReadable({ summary }: OpenCase, { referral }: CaseState, { roles }: Actor): void {
  const { side, local } = summary;
  const mistaken = referral === 'entered_in_error' && side === 'recipient';
  const frozen = referral === 'suspended_consent' || mistaken || local.frozenBy !== undefined;
  if (frozen && !roles.includes('dpo')) throw new TraoError('case_frozen');
}

/** True for a message that freezes a case the moment it is known, filed or not. */
export function freezes(message: Message): boolean {
  if ('consentWithdrawal' in message) return message.consentWithdrawal.extent === 'all';
  return 'correction' in message && message.correction.kind === 'entered_in_error';
}

/** The case frozen by a message that cannot be filed yet; undefined when it is frozen already. */
export function frozenBy(record: OpenCase, messageId: string): OpenCase | undefined {
  const { summary } = record;
  if (summary.local.frozenBy !== undefined) return undefined;
  return { ...record, summary: { ...summary, local: { ...summary.local, frozenBy: messageId } } };
}
