import { decryptAtRest, encryptAtRest } from '../envelope';

/**
 * The signed original of a message that no case keeps (a ping, statistics, the confirmation of an erasure): encrypted to its unit beside
 * the sealed bytes until it has arrived, so that it can be sealed anew when the partner has retired the key meanwhile.
 */
export function keepOriginal(messageId: string, original: string, storageKey: Uint8Array): Uint8Array {
  return encryptAtRest(storageKey, Buffer.from(original, 'latin1'), row(messageId));
}

/** @throws TraoError `case_unreadable` when it was kept for another unit or another message */
export function openKept(messageId: string, kept: Uint8Array, storageKey: Uint8Array): string {
  return Buffer.from(decryptAtRest(storageKey, kept, row(messageId))).toString('latin1');
}

const row = (messageId: string) => ['outbox', messageId, 'original'];
