import { TraoError } from '../errors';
import type { CaseState, Side } from '../lifecycle';
import type { Actor } from './ports';

/**
 * Content that nobody may go on reading: the person has withdrawn, or it came to the wrong unit or is about the wrong person.
 * Data protection may, because it has to settle the matter.
 * @throws TraoError `case_frozen`
 */
export function assertReadable({ referral }: CaseState, side: Side, { roles }: Actor): void {
  const frozen = referral === 'suspended_consent' || (referral === 'entered_in_error' && side === 'recipient');
  if (frozen && !roles.includes('dpo')) throw new TraoError('case_frozen');
}
