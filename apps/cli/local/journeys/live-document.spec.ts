import { liveDocument, liveRecord, type Example } from './live-document';

const HEADER = {
  createdAt: '2026-11-10T10:00:00Z',
  messageId: 'm1',
  referralId: 'r1',
  seq: 2,
  seen: 1,
  prevDigest: 'p',
  senderUnit: 'vn.a',
  recipientUnit: 'gb.b',
  inReplyTo: 'm0',
};
const example = {
  header: HEADER,
  plan: { on: '2026-11-12', at: '2026-11-12T08:00:00.000Z', text: 'at 2026-11-12', by: ['d0', 3, null] },
} as unknown as Example;
const NOW = new Date('2026-12-10T11:00:00Z');

describe('an example as it would be written now', () => {
  it('moves dates and times, and leaves to the node what the node assigns', () => {
    expect(
      liveDocument(
        example,
        new Map([
          ['r1', 'live-r'],
          ['m0', 'live-m'],
          ['d0', 'live-d'],
        ]),
        NOW,
      ),
    ).toEqual({
      header: { referralId: 'live-r', recipientUnit: 'gb.b', inReplyTo: 'live-m' },
      plan: { on: '2026-12-12', at: '2026-12-12T09:00:00.000Z', text: 'at 2026-11-12', by: ['live-d', 3, null] },
    });
  });

  it('names no referral when it opens one', () => {
    expect(liveDocument(example, new Map(), NOW)).toMatchObject({ header: { recipientUnit: 'gb.b', inReplyTo: 'm0' } });
    expect(liveDocument(example, new Map(), NOW)['header']).not.toHaveProperty('referralId');
  });

  it('moves the consent with its referral', () => {
    expect(liveRecord({ takenAt: '2026-11-01' }, example, NOW)).toEqual({ takenAt: '2026-12-01' });
  });
});
