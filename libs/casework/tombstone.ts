import { decryptAtRest, encryptAtRest } from '../envelope';
import type { Side } from '../lifecycle';
import type { Chain, OpenCase, StoredCase } from './case-record';

/**
 * What is left of a case whose content was erased: whose it was, digests and dates (domain §6). Messages of the partner are
 * still recognised, and a duplicate still gets its first receipt.
 */
export interface Tombstone {
  readonly unit: string;
  readonly referralId: string;
  readonly side: Side;
  readonly partnerUnit: string;
  readonly sent: Chain;
  readonly filed: Chain;
  readonly openedBy: string;
  /** Digests of the signed messages that were erased here: what each was, without what it said. */
  readonly digests: readonly string[];
  readonly erasedAt: string;
  /** When the partner confirmed that it has erased too. */
  readonly partnerErasedAt?: string | undefined;
}

/** A tombstone has no key: the row says so by an empty one. */
export const isErased = ({ wrappedKey }: StoredCase): boolean => wrappedKey.length === 0;

/** What is left of a case once it is erased at `at`, after `sent` as its last message. */
export function tombstoneOf({ unit, referralId, summary }: OpenCase, at: Date, partnerErasedAt?: string): Tombstone {
  const { side, partnerUnit, sent, filed, openedBy, steps } = summary;
  const erasedAt = at.toISOString();
  return {
    unit,
    referralId,
    side,
    partnerUnit,
    sent,
    filed,
    openedBy,
    digests: steps.map(({ digest }) => digest),
    erasedAt,
    partnerErasedAt,
  };
}

/** Encrypted to the unit's storage key, as the case key is gone: partner and dates are nobody else's business. */
export function closeTombstone(tombstone: Tombstone, storageKey: Uint8Array): StoredCase {
  const { unit, referralId } = tombstone;
  const summary = encryptAtRest(storageKey, Buffer.from(JSON.stringify(tombstone)), row(unit, referralId));
  return { unit, referralId, wrappedKey: new Uint8Array(), summary };
}

/** @throws TraoError `case_unreadable` */
export function openTombstone({ unit, referralId, summary }: StoredCase, storageKey: Uint8Array): Tombstone {
  return JSON.parse(Buffer.from(decryptAtRest(storageKey, summary, row(unit, referralId))).toString()) as Tombstone;
}

const row = (unit: string, referralId: string) => ['unit_case', unit, referralId, 'tombstone'];
