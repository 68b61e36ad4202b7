import { withDelivery, type DeliveryState, type ReferralState, type Side } from '../lifecycle';
import { openCase, readEvent, type StoredCase, type StoredCaseEvent } from './case-record';
import type { StorageKeys } from './ports';

/** Where a page ended: the next one begins behind it. */
export interface PageMark {
  readonly at: Date;
  readonly id: string;
}

export interface CaseRow {
  readonly stored: StoredCase;
  readonly last: StoredCaseEvent;
  readonly changedAt: Date;
  /** How far the unit's own first message has come; undefined when the partner opened the referral. */
  readonly delivery: DeliveryState | undefined;
}

export interface ReadStore {
  /** The unit's cases, newest change first, with their last message. */
  cases(unit: string, limit: number, after: PageMark | undefined): Promise<CaseRow[]>;
  /** One message of the unit's cases, with its case. */
  message(
    unit: string,
    messageId: string,
  ): Promise<{ readonly stored: StoredCase; readonly event: StoredCaseEvent } | undefined>;
}

export interface ReadPorts {
  readonly keys: StorageKeys;
  /** Runs work for one unit, seeing that unit's cases only. */
  readonly read: <T>(unit: string, work: (store: ReadStore) => Promise<T>) => Promise<T>;
}

/** A case whose row or key was changed: shown as what it is, so that it hides neither itself nor the others. */
export interface UnreadableCase {
  readonly referralId: string;
  readonly state: 'unreadable';
  readonly changedAt: Date;
}

/** A line of a unit's inbox. */
export interface InboxLine {
  readonly referralId: string;
  readonly state: ReferralState;
  readonly side: Side;
  readonly partnerUnit: string;
  /** How far the unit's own first message has come; absent when the partner opened the referral. */
  readonly delivery?: DeliveryState;
  readonly openedBy: string;
  readonly lastMessage: { readonly id: string; readonly type: string; readonly direction: string; readonly at: Date };
  readonly changedAt: Date;
}

/** The referrals of a unit, newest change first. */
export async function listInbox(
  unit: string,
  limit: number,
  after: PageMark | undefined,
  ports: ReadPorts,
): Promise<(InboxLine | UnreadableCase)[]> {
  const storageKey = await ports.keys.storageKey(unit);
  const rows = await ports.read(unit, (store) => store.cases(unit, limit, after));
  return rows.map((row) => {
    try {
      return lineOf(row, storageKey);
    } catch {
      return { referralId: row.stored.referralId, state: 'unreadable', changedAt: row.changedAt };
    }
  });
}

function lineOf({ stored, last, changedAt, delivery }: CaseRow, storageKey: Uint8Array): InboxLine {
  const record = openCase(stored, storageKey);
  const { state, side, partnerUnit, openedBy } = record.summary;
  const { header } = readEvent(record, last) as { header: { messageType: string } };
  const own = side === 'sender' && delivery !== undefined;
  return {
    referralId: stored.referralId,
    state: own ? withDelivery(state, delivery) : state,
    side,
    ...(own && { delivery }),
    partnerUnit,
    openedBy,
    lastMessage: { id: last.messageId, type: header.messageType, direction: last.direction, at: last.at },
    changedAt,
  };
}

/** One message in clear, for an officer of the unit; undefined when it is not in one of the unit's cases. */
export async function readMessage(unit: string, messageId: string, ports: ReadPorts): Promise<unknown> {
  const storageKey = await ports.keys.storageKey(unit);
  const found = await ports.read(unit, (store) => store.message(unit, messageId));
  return found && readEvent(openCase(found.stored, storageKey), found.event);
}
