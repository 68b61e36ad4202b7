import type { Fault, RuleCode } from '../errors';
import { caseStateOf, otherSide } from '../lifecycle';
import { clearanceFaults } from '../protection';
import type { Message } from '../schema';
import type { OpenCase } from './case-record';
import type { Clock, Self } from './ports';

/** Rules about local records: only the side that made them can judge these. */
const THEIRS_TO_JUDGE: readonly RuleCode[] = ['consent_record_missing', 'override_missing'];

/**
 * Rules of protection that a partner's message breaks, as far as this side can judge them: it has neither the consent record
 * of the other nor its decisions. Such a message is filed all the same: an incoming referral is never lost to a rule.
 * @param before the case before the message; undefined when the message opened it
 */
export function partnerFaults(
  message: Message,
  before: OpenCase | undefined,
  { self, clock }: { readonly self: Self; readonly clock: Clock },
): Fault[] {
  const { header } = message;
  const { node, unit } = self.partners().activeUnit(header.recipientUnit, clock.now());
  const state = before && caseStateOf(before.summary.steps);
  const faults = clearanceFaults({
    message,
    sender: { unit: header.senderUnit },
    recipient: { unit: unit.id, node: node.id, unitClass: unit.class },
    now: new Date(header.createdAt),
    state,
    side: before ? otherSide(before.summary.side) : 'sender',
    hold: false,
  });
  return faults.filter(({ code }) => !THEIRS_TO_JUDGE.includes(code));
}
