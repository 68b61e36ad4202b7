import type { Role } from '../../../../libs/schema';
import { draftLines } from './draft-lines';

type Listed = Parameters<typeof draftLines>[0][number];

const SETTINGS = {
  t: (key: string) => key,
  language: 'en',
  timeZone: 'Asia/Ho_Chi_Minh',
  nameOf: (officer: string) => `Officer ${officer}`,
} as const;

const asked = (messageType: string, more: object = {}) =>
  ({
    id: 'd1',
    unit: 'vn.x',
    unreadable: false,
    expiresAt: new Date(Date.now() + 86_400_000),
    messageType,
    purpose: 'PROTECT',
    recipientUnit: 'gb.ho-sca',
    drafters: ['a', 'b'],
    approvals: [],
    asked: true,
    held: false,
    ...more,
  }) as unknown as Listed;

const lineFor = (draft: Listed, id: string, ...roles: Role[]) =>
  draftLines([draft], { id, unit: 'vn.x', roles }, SETTINGS)[0]!;

describe('drafts as rows of a list', () => {
  it('name their writers as people call them', () => {
    expect(lineFor(asked('referral'), 'c', 'dpo').by).toBe('Officer a, Officer b');
  });

  it.each([
    ['referral', 'liaison_officer', true],
    ['referral', 'child_protection_officer', true],
    ['referral', 'dpo', false],
    ['erasure_confirm', 'dpo', true],
    ['erasure_confirm', 'liaison_officer', false],
  ] as const)('%s waits for a %s: %s', (type, role, waits) => {
    expect(lineFor(asked(type), 'c', role).forMe).toBe(waits);
  });

  it.each([
    ['wrote it', asked('referral', { drafters: ['c'] })],
    ['has agreed', asked('referral', { approvals: [{ by: 'c' }] })],
    ['was not asked', asked('referral', { asked: false })],
  ])('wait for nobody who %s', (_who, draft) => {
    expect(lineFor(draft, 'c', 'liaison_officer').forMe).toBe(false);
  });

  it('lead to where there is something to do', () => {
    expect(lineFor(asked('referral'), 'c', 'dpo').href).toBe('/drafts/d1/check');
    expect(lineFor(asked('referral', { asked: false }), 'c', 'dpo').href).toBe('/drafts/d1');
    expect(lineFor(asked('referral', { unreadable: true }), 'c', 'dpo')).toMatchObject({
      href: '',
      by: '',
      forMe: false,
    });
  });
});
