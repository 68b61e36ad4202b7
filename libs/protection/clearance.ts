import { faultAt, type Fault } from '../errors';
import { factsOf } from '../lifecycle';
import type { Message, MessageType } from '../schema';
import { childFaults } from './consent-child';
import { consentFaults } from './consent-rules';
import { contentOf } from './content';
import { dateFaults } from './dates';
import type { Disclosure } from './disclosure';
import { handlingFaults } from './handling';
import { identityFaults } from './identity';
import { questionFaults } from './questions';
import { statisticsFaults } from './statistics';

/** What stops sharing may leave although a hold blocks everything that shares. */
const DESPITE_HOLD: readonly MessageType[] = ['consent_withdrawal', 'erasure_confirm', 'cancel_request'];

/**
 * Whether a message may be sealed: every rule of protection that it breaks, all at once; empty when it may.
 * Called by the one place that seals, so that no caller can go around it. Form (the schema), turn (the lifecycle) and who has
 * agreed (`approvalFaults`) are checked beside it.
 */
export function clearanceFaults(disclosure: Disclosure): Fault[] {
  const faults = [
    ...holdFaults(disclosure),
    ...addressFaults(disclosure),
    ...consentFaults(disclosure),
    ...childFaults(disclosure),
    ...identityFaults(disclosure),
    ...handlingFaults(disclosure),
    ...dateFaults(disclosure),
    ...questionFaults(disclosure),
    ...statisticsFaults(disclosure.message),
  ];
  return [...new Map(faults.map((fault) => [`${fault.code} ${fault.pointer}`, fault])).values()];
}

function holdFaults({ hold, message }: Disclosure): Fault[] {
  return hold && !stopsSharing(message) ? [faultAt('', 'protection_hold')] : [];
}

function stopsSharing(message: Message): boolean {
  if ('correction' in message) return message.correction.kind === 'entered_in_error';
  if ('cancelConfirm' in message) return message.cancelConfirm.result === 'cancelled';
  return DESPITE_HOLD.includes(message.header.messageType);
}

/** What was cleared for one unit and purpose must not be sealed for another. */
function addressFaults({ message, sender, recipient, state }: Disclosure): Fault[] {
  const { senderUnit, recipientUnit, purpose } = message.header;
  const opened = factsOf('referral', state?.opening)?.purpose;
  const shares = contentOf(message) !== undefined || 'handoverPlan' in message;
  const strays = shares && opened !== undefined && purpose !== opened;
  return [
    ...(senderUnit === sender.unit ? [] : [faultAt('/header/senderUnit', 'not_the_sender')]),
    ...(recipientUnit === recipient.unit ? [] : [faultAt('/header/recipientUnit', 'other_recipient', recipient.unit)]),
    ...(strays ? [faultAt('/header/purpose', 'other_purpose')] : []),
  ];
}
