import { decodeBase64url } from '../envelope';
import { withoutExpired } from '../protection';
import type { Attachment, Message } from '../schema';
import { readEvent, type OpenCase, type StoredCaseEvent } from './case-record';
import { sealedUnder, type StoredFile } from './file-record';

/**
 * The message without what opens its files: nobody who reads it needs the keys, and what is shown can be copied. They stay in
 * the signed original.
 */
export function withoutTransfers(message: Message): Message {
  if (!('attachments' in message) || !message.attachments) return message;
  return { ...message, attachments: message.attachments.map(({ transfer: _kept, ...shown }) => shown) };
}

/** A message of a case as somebody may see it at `now`. @throws TraoError `case_unreadable` */
export const shownOf = (record: OpenCase, event: StoredCaseEvent, now: Date): Message =>
  withoutTransfers(withoutExpired(readEvent(record, event), now));

/** The files that a message announces, as the receiving unit waits for them. */
export function announcedFiles(message: Message, senderNode: string, storageKey: Uint8Array): StoredFile[] {
  const { recipientUnit: unit, referralId, messageId } = message.header;
  const place = { unit, referralId, messageId, senderNode };
  return attachmentsOf(message).flatMap(({ transfer, ...facts }) => {
    if (!transfer) return [];
    const { fileId: id, key, bytes, chunkBytes } = transfer;
    const row = {
      ...place,
      id,
      use: 'received',
      state: 'awaiting',
      delivery: 'none',
      offset: 0,
      sealedBytes: 0,
    } as const;
    return [sealedUnder(decodeBase64url(key), row, { ...facts, bytes, chunkBytes }, storageKey)];
  });
}

const attachmentsOf = (message: Message): readonly Attachment[] =>
  ('attachments' in message && message.attachments) || [];
