import { decryptAtRest, newCaseKey } from '../envelope';
import type { Message } from '../schema';
import {
  closeCase,
  EMPTY_CHAIN,
  newCase,
  NO_NOTES,
  openCase,
  originalOf,
  readEvent,
  redactEvent,
  toEvent,
  type CaseSummary,
  type StoredCase,
  type StoredCaseEvent,
} from './case-record';

const UNIT = 'gb.ho-sca';
const REFERRAL = 'a8f3b30a-d772-424d-97e8-03e103337b16';
const AT = new Date('2026-11-21T09:00:00.000Z');
const STORAGE_KEY = newCaseKey();
const SUMMARY: CaseSummary = {
  side: 'recipient',
  partnerUnit: 'vn.mps-criminal',
  sent: EMPTY_CHAIN,
  filed: { seq: 1, digest: 'n0jtMlNs_nN029NpTZey4k7R3XWnMSKQHqWtgG0GKIs' },
  openedBy: '01a1c0a0-91d8-7f7c-8fa6-31639aae99ac',
  steps: [],
  local: { ...NO_NOTES, hold: { by: 'officer-7', at: '2026-11-21T08:00:00Z' } },
};
const MESSAGE = { person: { name: 'Đặng Quốc Tưởng Tượng' } };
const ORIGINAL = `e30.${Buffer.from(JSON.stringify(MESSAGE)).toString('base64url')}.c2ln`;

const record = newCase(UNIT, REFERRAL, SUMMARY, STORAGE_KEY);
const stored = closeCase(record);
const event = toEvent(record, SUMMARY.openedBy, 'filed', ORIGINAL, AT);

const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
const refusal = expect.objectContaining({ code: 'case_unreadable' });

describe('a stored case', () => {
  it('opens with the storage key of its unit', () => {
    expect(openCase(stored, STORAGE_KEY).summary).toEqual({ ...SUMMARY, sent: { seq: 0 } });
  });

  it('shows nothing but whose it is', () => {
    const rows = JSON.stringify(
      [stored, event].map((row) => Object.entries(row).filter(([, v]) => !ArrayBuffer.isView(v))),
    );
    expect(rows).not.toMatch(/officer|recipient|vn\.mps|Quốc/);
    for (const bytes of [stored.summary, stored.wrappedKey, event.original]) {
      expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/officer|recipient|vn\.mps|person/);
    }
  });

  it('has a key of its own, and a new one never gives the same bytes', () => {
    expect(newCase(UNIT, REFERRAL, SUMMARY, STORAGE_KEY).key).not.toEqual(record.key);
    expect(closeCase(record).summary).not.toEqual(stored.summary);
  });

  const changes: readonly [string, Partial<StoredCase>][] = [
    ['moved to another unit', { unit: 'gb.nca' }],
    ['moved to another referral', { referralId: SUMMARY.openedBy }],
    ['with another key', { wrappedKey: closeCase(newCase(UNIT, REFERRAL, SUMMARY, STORAGE_KEY)).wrappedKey }],
    ['with a flipped bit in its key', { wrappedKey: flipped(stored.wrappedKey, 40) }],
    ['with a flipped bit in its summary', { summary: flipped(stored.summary, 40) }],
    ['with its key for a summary', { summary: stored.wrappedKey }],
    ['cut short', { summary: stored.summary.subarray(0, 10) }],
  ];

  it.each(changes)('%s does not open', (_, change) => {
    expect(() => openCase({ ...stored, ...change }, STORAGE_KEY)).toThrow(refusal);
  });

  it('does not open with the key of another unit', () => {
    expect(() => openCase(stored, newCaseKey())).toThrow(refusal);
  });
});

describe('a stored message', () => {
  it('reads as it was signed', () => {
    expect(readEvent(openCase(stored, STORAGE_KEY), event)).toEqual(MESSAGE);
  });

  const changes: readonly [string, Partial<StoredCaseEvent>][] = [
    ['of another unit', { unit: 'gb.nca' }],
    ['of another referral', { referralId: SUMMARY.openedBy }],
    ['under another id', { messageId: REFERRAL }],
    ['in the other direction', { direction: 'sent' }],
    ['with a flipped bit', { original: flipped(event.original, 50) }],
  ];

  it.each(changes)('%s does not read', (_, change) => {
    expect(() => readEvent(record, { ...event, ...change })).toThrow(refusal);
  });
});

describe('a message of which a part was erased', () => {
  const KEPT = { header: { messageId: SUMMARY.openedBy } } as Message;
  const redacted = redactEvent(record, event, KEPT);

  it('reads as what is left, in the same place of the case', () => {
    expect(readEvent(openCase(stored, STORAGE_KEY), redacted)).toEqual(KEPT);
    const { original: _before, ...place } = event;
    expect(redacted).toMatchObject(place);
    expect(() => readEvent(record, { ...redacted, direction: 'sent' })).toThrow(refusal);
    // Its signature is gone with it.
    expect(originalOf(record, event)).toBe(ORIGINAL);
    expect(originalOf(record, redacted)).toBeUndefined();
  });

  it('holds nothing of the original any more', () => {
    const row = ['case_event', UNIT, REFERRAL, SUMMARY.openedBy, 'filed'];
    expect(Buffer.from(decryptAtRest(record.key, redacted.original, row)).toString()).toBe(JSON.stringify(KEPT));
  });
});

describe('a stored case that is looked at later', () => {
  it('says when, and nothing else about it', () => {
    expect(closeCase(record, AT).nextMarkAt).toEqual(AT);
    expect(closeCase(record).nextMarkAt).toBeUndefined();
  });
});
