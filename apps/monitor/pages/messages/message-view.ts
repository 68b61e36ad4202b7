import { isProof } from '../../../../libs/exchange';
import type { Self } from '../../../../libs/casework';
import { causeOf } from '../../../../libs/monitoring';
import type { Language, Translate } from '../../../../libs/pages';
import type { watched } from '../../../../libs/storage';
import { bandText } from './list-view';
import { stateTag } from './message-words';

interface Words {
  readonly t: Translate;
  readonly language: Language;
  readonly nameOf: (node: string) => string;
}

/** A receipt with what became of checking it now. */
export interface CheckedReceipt extends watched.MessageReceipt {
  /** Its signature verifies with a key of the directory, and it names this message and the bytes it says. */
  readonly verified: boolean;
  /** About other bytes than those of the message now: it was sealed anew since, or other bytes came under its id. */
  readonly superseded: boolean;
}

/** Checks the stored receipts of a message once more, with the directory of now. */
export function checkReceipts(
  { id, digest, receipts }: watched.MonitoredMessage,
  self: Self,
): Promise<CheckedReceipt[]> {
  return Promise.all(
    receipts.map(async (receipt) => ({
      ...receipt,
      superseded: receipt.digest !== digest,
      verified: await isProof(receipt.token, { id, digest: receipt.digest }, self),
    })),
  );
}

/** Where a message waits for nothing but its next try. */
const DUE = ['queued', 'sending', 'stored', 'held'];
/** States from which an operator may send a message again. */
const AGAIN = ['queued', 'sending', 'undeliverable'];

/** A message as its page shows it. */
export function messageView(
  message: watched.MonitoredMessage,
  receipts: readonly CheckedReceipt[],
  words: Words,
  now: Date,
) {
  const { t, language, nameOf } = words;
  const { direction, partner, lane, state, code, nextAt, expiresAt, tries, holds, states } = message;
  return {
    ...message,
    directionText: t(`messages:direction.${direction}`),
    partnerText: nameOf(partner),
    laneText: t(`messages:lane.${lane}`),
    tag: stateTag(state, t),
    nextAt: DUE.includes(state) ? nextAt : undefined,
    sizeText: bandText(message.sizeBytes, t),
    cause: code === null ? undefined : { code, ...causeOf(code, language) },
    mayAgain: direction === 'sent' && AGAIN.includes(state) && expiresAt > now,
    states: states.map((one) => ({ ...one, tag: stateTag(one.state, t) })),
    tries: tries.map((one) => ({ ...one, cause: one.code === null ? undefined : causeOf(one.code, language) })),
    moreTries: message.attempts > tries.length ? message.attempts : undefined,
    receipts: receipts.map((one) => ({
      ...one,
      eventText: t(`messages:event.${one.event}`),
      issuerText: nameOf(one.issuer),
      stateText: t(`messages:receiptState.${one.state}`),
      cause: one.code === null ? undefined : causeOf(one.code, language),
    })),
    holds: holds.map((hold) => ({
      ...hold,
      nameText: hold.what === 'partner' ? nameOf(hold.name) : t(`messages:queue.${hold.name}`),
    })),
  };
}

/** What proves where a message went, as a document: signed receipts, digests and times, nothing of its content. */
export function evidenceOf(
  node: string,
  message: watched.MonitoredMessage,
  receipts: readonly CheckedReceipt[],
  now: Date,
) {
  const { id, direction, partner, lane, state, code, digest, at, expiresAt, states, tries, otherDigests } = message;
  return {
    format: 'trao-evidence-1',
    node,
    madeAt: now,
    message: { id, direction, partner, lane, state, code, digest, at, expiresAt, otherDigests },
    states,
    attempts: tries,
    receipts: receipts.map(({ issuer, event, code: refusal, digest: about, issuedAt, storedAt, token, verified }) => ({
      issuer,
      event,
      code: refusal,
      digest: about,
      issuedAt,
      storedAt,
      verified,
      token,
    })),
  };
}
