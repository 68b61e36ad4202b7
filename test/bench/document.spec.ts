import { clearanceFaults } from '../../libs/protection';
import { assertMessage } from '../../libs/schema';
import { consentRecord, documentOf, RECIPIENT_UNIT, renewed, SENDER_UNIT } from './document';

const sizeOf = (document: unknown) => Buffer.byteLength(JSON.stringify(document));

describe('document of the benchmark', () => {
  it.each([1_700, 2_048, 2_300, 4_096, 5_000, 10_240, 51_200, 65_536, 102_400])('is valid and has %d bytes', (size) => {
    const document = documentOf(size);
    expect(() => assertMessage(document)).not.toThrow();
    expect(sizeOf(document)).toBe(size);
  });

  it.each([2_048, 102_400])('may be sent with its record of consent at %d bytes', (size) => {
    const recipient = { unit: RECIPIENT_UNIT, node: 'gb', unitClass: 'competent_authority' } as const;
    const sender = { unit: SENDER_UNIT };
    const message = documentOf(size);
    const cleared = { message, sender, recipient, side: 'sender', now: new Date(), hold: false } as const;
    expect(clearanceFaults({ ...cleared, record: consentRecord() })).toEqual([]);
    expect(clearanceFaults(cleared)).not.toEqual([]);
  });

  it.each([100, 200_000])('says that no referral has %d bytes', (size) => {
    expect(() => documentOf(size)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  it('is another message of the same size when renewed', () => {
    const document = documentOf(2_048);
    const other = renewed(document);
    expect(() => assertMessage(other)).not.toThrow();
    expect(sizeOf(other)).toBe(2_048);
    expect(other.header.messageId).not.toBe(document.header.messageId);
    expect(other.header.referralId).not.toBe(document.header.referralId);
  });
});
