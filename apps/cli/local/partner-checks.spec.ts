import { judgeView, type PartnerView } from './partner-checks';

const VIEW: PartnerView = {
  directory: { version: 7, expiresAt: '2027-06-01T00:00:00Z', daysLeft: 184, expired: false },
  clock: { comparedWith: 2, ours: undefined, theirs: [] },
  partners: [
    { partner: 'gb', version: 7 },
    { partner: 'kh', version: 7 },
  ],
};
const lines = (more: Partial<PartnerView>) =>
  judgeView('vn', { ...VIEW, ...more }).map(({ result, cause, next }) =>
    [result, cause, ...(next === undefined ? [] : [next])].join(' | '),
  );

describe('what doctor says of directory, clock and partners', () => {
  it('is all well', () => {
    expect(lines({})).toEqual([
      'ok | version 7, 184 days left',
      'ok | agrees with 2 partners within 60 s',
      'ok | all serve version 7',
    ]);
  });

  it('warns of the end of the directory, and calls an expired one a fault, with the next command', () => {
    const next = 'trao directory propose --base SIGNED --expires-in-days 365, then have it signed';
    const { directory } = VIEW;
    expect(lines({ directory: { ...directory, daysLeft: 29, step: 30 } })[0]).toBe(
      `warning | version 7, 29 days left | ${next}`,
    );
    expect(lines({ directory: { ...directory, daysLeft: -1, step: 1, expired: true } })[0]).toBe(
      `fault | version 7 expired at 2027-06-01T00:00:00Z; nothing can be started | ${next}`,
    );
  });

  it('says by how much a clock is wrong and to which side', () => {
    const next = 'timedatectl set-ntp true, then trao doctor again';
    const { clock } = VIEW;
    expect(lines({ clock: { ...clock, comparedWith: 1, ours: { offMs: -90_000, grave: false } } })[1]).toBe(
      `warning | The clock is 90 s behind. Compared with 1 partner. | ${next}`,
    );
    expect(lines({ clock: { ...clock, ours: { offMs: 412_000, grave: true } } })[1]).toBe(
      `fault | The clock is 412 s ahead. Compared with 2 partners. | ${next}`,
    );
    expect(lines({ clock: { ...clock, theirs: [{ partner: 'gb', offMs: 70_000 }] } })[1]).toBe(
      'warning | gb: The clock is 70 s ahead. | tell these partners',
    );
    expect(lines({ clock: { ...clock, comparedWith: 0 } })[1]).toBe(
      'warning | no partner has answered in the last 15 minutes | see the partners below',
    );
    expect(lines({ clock: { ...clock, comparedWith: 1 } })[1]).toBe('ok | agrees with 1 partner within 60 s');
  });

  it('worries about nothing before anybody was asked', () => {
    const { clock } = VIEW;
    expect(lines({ clock: { ...clock, comparedWith: 0 }, partners: [] }).slice(1)).toEqual([
      'ok | no partner was asked yet',
      'ok | none was asked yet',
    ]);
  });

  it('names partners that are behind, refused or away', () => {
    expect(
      lines({
        partners: [
          { partner: 'gb', version: 6, behindSince: '2026-11-28T00:00:00Z' },
          { partner: 'kh', code: 'partner_unreachable' },
          { partner: 'au', version: 7 },
        ],
      })[2],
    ).toBe(
      'warning | gb serves version 6 since 2026-11-28T00:00:00Z; kh: partner_unreachable | trao directory show --node vn',
    );
  });
});
