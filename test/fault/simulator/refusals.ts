import { isErased } from '../../../libs/casework';
import { wireCodeOf, type Code } from '../../../libs/errors';
import type { MemoryNode } from '../../fakes/memory-node';
import { inboxKey, type OutboxRow } from '../../fakes/memory-tables';
import { UNITS } from './moves';
import { UNHEARD } from './start-points';
import type { World } from './world';

const DAY_MS = 86_400_000;

/**
 * Whether a refusal is right: the case is gone, time had run out when the message came, or it stands behind one that did not come in time.
 * @param row the message at its sender, refused
 */
export function mayBeRefused(
  world: World,
  sender: MemoryNode,
  recipient: MemoryNode,
  { code, message }: OutboxRow,
): boolean {
  // Codes of several causes are one on the wire; the recipient told its people which it was.
  const isReason = (alarm: { kind: string; subject: string }) =>
    alarm.kind === 'integrity_failure' && alarm.subject === message.id;
  const reason = recipient.alarms.find(isReason)?.code;
  if (reason === undefined || wireCodeOf(reason as Code) !== code) return false;
  switch (reason) {
    case 'expired':
      return (cameAt(sender, recipient, message.id) ?? 0) >= wholeSeconds(message.expiresAt);
    case 'not_yet_valid':
      // It waits for a day by the clock of the recipient: only one that is wrong by days does not see its time come.
      return world.faults.counts.wild_clock > 0;
    case 'seq_gap_timeout':
      return lacksEarlier(world, sender, recipient, message.id) || world.aheadMs > DAY_MS;
    case 'case_erased': {
      const { referralId } = world.watch.sent.get(message.id)!;
      const record = recipient.tables.cases.get(`${UNITS[recipient.node]!} ${referralId}`);
      return record !== undefined && isErased(record);
    }
    default:
      return false;
  }
}

/**
 * Whether an earlier message of the sender in that referral ended on its way, or came more than a day later. It is not its own reason, nor
 * is what was sent after it.
 */
function lacksEarlier(world: World, sender: MemoryNode, recipient: MemoryNode, id: string): boolean {
  if (world.start.name.startsWith(UNHEARD)) return true;
  const all = [...world.watch.sent];
  const place = all.findIndex(([other]) => other === id);
  const [, { referralId }] = all[place]!;
  const until = (cameAt(sender, recipient, id) ?? Infinity) + DAY_MS;
  return all.slice(0, place).some(([other, { node, referralId: theirs }]) => {
    if (theirs !== referralId || node !== sender.node) return false;
    const { state } = sender.tables.outbox.get(other)!;
    const earlierAt = cameAt(sender, recipient, other);
    const key = (message: string) => inboxKey(sender.node, message);
    const cameTooLate = world.watch.arrivals.cameAfterRefusalOf(key(id), key(other));
    return state === 'refused' || state === 'expired' || earlierAt === undefined || earlierAt > until || cameTooLate;
  });
}

/** When the gateway took the request that a stored message came with, in milliseconds since 1970 by its clock; undefined when none was stored. */
const cameAt = ({ node }: MemoryNode, { tables }: MemoryNode, id: string) =>
  tables.inbox.get(inboxKey(node, id))?.message.receivedAt.getTime();

/** Times of a message travel in whole seconds. */
const wholeSeconds = (time: Date) => Math.floor(time.getTime() / 1000) * 1000;
