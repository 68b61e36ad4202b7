import type { Fault } from '../errors';
import { caseStateOf, knownToAuthor } from '../lifecycle';
import { clearanceFaults } from '../protection';
import type { Message } from '../schema';
import type { OpenCase } from './case-record';
import type { Self } from './ports';

/**
 * Rules of protection that a partner's message breaks, as far as this side can judge them: it has neither the consent record
 * of the other nor its decisions. Such a message is filed all the same: an incoming referral is never lost to a rule.
 * As with turns, it is judged by what its author knew: what crossed a withdrawal is no breach.
 * @param after the case with the message as its last step
 */
export function partnerFaults(message: Message, { summary }: OpenCase, { self }: { readonly self: Self }): Fault[] {
  const { header } = message;
  const step = summary.steps.at(-1)!;
  const known = knownToAuthor(summary.steps, step);
  const { id: node, units } = self.partners().node(self.node);
  // That the unit is one of this node was checked when the message was opened; it may have ended since it was written.
  const unit = units.find(({ id }) => id === header.recipientUnit)!;
  return clearanceFaults({
    message,
    sender: { unit: header.senderUnit },
    recipient: { unit: unit.id, node, unitClass: unit.class },
    now: new Date(header.createdAt),
    state: known.length > 0 ? caseStateOf(known) : undefined,
    side: step.by,
    records: 'not_ours',
    hold: false,
  });
}
