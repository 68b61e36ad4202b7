import type { CaseState } from '../lifecycle';
import { DEADLINES } from './table';
import { lengthOf } from './term';

/**
 * True when a proposal of closure has been neither confirmed nor objected to for 30 days: the referral then counts as closed.
 * The term is the same for all partners, so that both sides come to the same end without a message.
 */
export function closedBySilence({ referral, closing }: CaseState, now: Date): boolean {
  if (!closing || (referral !== 'outcome_reported' && referral !== 'followup')) return false;
  return now.getTime() >= Date.parse(closing.at) + lengthOf(DEADLINES.closure_silence.terms.normal);
}
