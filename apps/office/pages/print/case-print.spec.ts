import { readFileSync } from 'node:fs';
import path from 'node:path';
import { referenceOf } from '../../../../libs/caseload';
import { type ShownCase } from '../../../../libs/casework';
import type { Referral } from '../../../../libs/schema';
import { casePrint } from './case-print';

const EXAMPLES = path.join(__dirname, '../../../../schemas/referral/v1/examples/valid');
const read = (name: string) => JSON.parse(readFileSync(path.join(EXAMPLES, `${name}.json`), 'utf8')) as Referral;

const referral = read('referral-protect-adult');
const ack = read('ack-protect-adult');
const { referralId, messageId } = referral.header;
const PRINTED = {
  by: 'Trần Văn Mẫu',
  at: new Date('2026-11-20T02:00:00Z'),
  ownZone: 'Asia/Ho_Chi_Minh',
  partnerZone: 'Europe/London',
};

function entry(id: string, type: string, by: 'sender' | 'recipient', digest: string) {
  const at = '2026-11-16T03:12:40Z';
  return { messageId: id, type, by, digest, at, state: 'sent', handover: 'not_planned', effect: 'step' };
}

const shown = {
  referralId,
  side: 'sender',
  partnerUnit: 'gb.ho-sca',
  openedBy: messageId,
  timeline: [
    entry(messageId, 'referral', 'sender', 'digest-of-the-referral'),
    entry(ack.header.messageId, 'ack', 'recipient', 'digest-of-the-ack'),
  ],
} as unknown as ShownCase;

const exported = { referralId, use: 'case_file' as const, handling: referral.handling, messages: [referral, ack] };
const print = () => casePrint(exported, shown, 'vn.mps-criminal', PRINTED);

describe('the print of a case', () => {
  it('is named by what it is for, and by the reference that both sides have', () => {
    expect(print().title).toEqual({
      vi: 'Chuyển gửi: Bảo vệ tại nước tiếp nhận',
      en: 'Referral: Protection in the receiving country',
    });
    expect(print().reference).toBe(referenceOf(referralId));
  });

  it('says in words how it may be used: code, caveats and onward sharing', () => {
    expect(print().handling.map(({ en }) => en)).toEqual([
      'H2: not passed on without permission',
      'Not for immigration enforcement',
      'Not for use in court',
      expect.stringMatching(/permission/iu),
    ]);
    expect(print().handling.every(({ vi }) => vi !== '')).toBe(true);
  });

  it('has every message with its content, who wrote it and its digest, and the digest of the referral', () => {
    const { messages, sections, digest } = print();
    expect(messages.map((message) => [message.name.en, message.from.en, message.digest])).toEqual([
      ['Referral', 'Ministry of Public Security, Criminal Police', 'digest-of-the-referral'],
      [expect.any(String), 'Home Office, Single Competent Authority', 'digest-of-the-ack'],
    ]);
    expect(digest).toBe('digest-of-the-referral');
    const values = sections.flatMap(({ rows }) => rows.flatMap((row) => row.values.map(({ text }) => text)));
    expect(values).toContain('Nguyễn Thị Ví Dụ');
    expect(values).toContain(ack.header.messageId);
  });

  it('knows at the other side who wrote what', () => {
    const theirs = { ...shown, side: 'recipient', partnerUnit: 'vn.mps-criminal' } as ShownCase;
    const { messages } = casePrint(exported, theirs, 'gb.ho-sca', PRINTED);
    expect(messages.map(({ from }) => from.en)).toEqual([
      'Ministry of Public Security, Criminal Police',
      'Home Office, Single Competent Authority',
    ]);
  });
});
