import { HANDOVER_TRANSITIONS, REFERRAL_TRANSITIONS } from '../lifecycle';
import { DEADLINES, dueAfter, dueBefore, type Deadline, type Term } from '.';
import { HANOI, LONDON } from './fixtures/invented-case';

const ROWS: readonly (readonly [string, Deadline])[] = Object.entries(DEADLINES);

/** Domain §8 once more, in short: who, and the term for emergency, urgent and normal. */
const EXPECTED: { readonly [id: string]: string } = {
  machine_received: 'node 10 minutes, 15 minutes, 15 minutes',
  operator_alarm: 'node 10 minutes, 1 hours, 1 hours',
  machine_delivered: 'node 1 hours',
  human_ack: 'recipient 24 hours, 72 hours, 14 days',
  ack: 'recipient 5 workingDays',
  decision: 'recipient stated',
  alert_ack: 'other_side 1 hours',
  rfi_answer: 'sender 24 hours, 24 hours, 5 workingDays',
  plan_agreed: 'other_side 10 workingDays before, at least',
  consent_recheck: 'sender 72 hours before',
  departure_notice: 'sender 1 hours',
  arrival_confirmation: 'recipient 2 hours',
  reception_record: 'recipient 24 hours',
  followup_1: 'recipient 1 months',
  followup_3: 'recipient 3 months',
  followup_6: 'recipient 6 months',
  followup_12: 'recipient 12 months',
  consent_freeze: 'other_side 24 hours',
  erasure: 'both_sides 30 days',
  on_hold_review: 'same_side 30 days',
  closure_silence: 'other_side 30 days',
  override_review: 'sender 72 hours',
  precise_location: 'node 7 days',
  uk_reasonable_grounds: 'authority 5 workingDays, informs',
  uk_recovery: 'authority 30 days, at least, informs',
  uk_reconsideration: 'person 30 days, informs',
  uk_move_on: 'authority 45 days, at least, informs',
  vn_initial_verification: 'authority 3 days, informs',
  vn_essential_support: 'authority 120 days, informs',
  au_intensive_support: 'authority 90 days, informs',
};

function inShort({ by, terms, counts, limit, informs }: Deadline): string {
  const say = ({ count, unit }: Term) => `${count} ${unit}`;
  const all = terms === 'stated' ? ['stated'] : [terms.emergency, terms.urgent, terms.normal].map(say);
  const term = new Set(all).size === 1 ? all[0] : all.join(', ');
  const remarks = [limit === 'at_least' && 'at least', informs && 'informs'].filter(Boolean);
  return [`${by} ${term}${counts === 'before' ? ' before' : ''}`, ...remarks].join(', ');
}

describe('the table of deadlines', () => {
  it('says what domain §8 says', () => {
    expect(Object.fromEntries(ROWS.map(([id, row]) => [id, inShort(row)]))).toEqual(EXPECTED);
  });

  it('has every timer that the machines start', () => {
    const timers = [...REFERRAL_TRANSITIONS, ...HANDOVER_TRANSITIONS].flatMap(({ timers: some = [] }) => some);
    expect(timers.length).toBeGreaterThan(15);
    expect(timers.filter((timer) => !Object.hasOwn(DEADLINES, timer))).toEqual([]);
  });

  it('explains every row in both languages', () => {
    for (const [, { means }] of ROWS) {
      expect(means.en).toMatch(/\.$/);
      expect(means.vi).toMatch(/\.$/);
      expect(means.vi).toBe(means.vi.normalize('NFC'));
    }
  });

  it('lets nodes time what they do by themselves without a calendar', () => {
    const machine = ROWS.filter(([, { kind }]) => kind === 'machine');
    expect(machine.map(([id]) => id)).toEqual([
      'machine_received',
      'operator_alarm',
      'machine_delivered',
      'precise_location',
    ]);
    expect(machine.every(([, { by }]) => by === 'node')).toBe(true);
  });

  it('takes what a law or guidance provides from there, and everything else from the protocol', () => {
    const foreign = ROWS.filter(([, { basis }]) => ['uk', 'vn', 'au'].includes(basis)).map(([id]) => id);
    expect(foreign).toEqual(ROWS.filter(([, { informs }]) => informs).map(([id]) => id));
    expect(ROWS.filter(([, { basis }]) => basis === 'public').map(([id]) => id)).toEqual(['human_ack', 'ack']);
  });
});

describe('a term', () => {
  const from = new Date('2026-12-31T18:00:00.000Z');

  it.each([
    [{ count: 15, unit: 'minutes' }, '2026-12-31T18:15:00.000Z', '2026-12-31T17:45:00.000Z'],
    [{ count: 24, unit: 'hours' }, '2027-01-01T18:00:00.000Z', '2026-12-30T18:00:00.000Z'],
    [{ count: 30, unit: 'days' }, '2027-01-30T18:00:00.000Z', '2026-12-01T18:00:00.000Z'],
    // In Viet Nam it is already 1 January 2027, a holiday and a Friday.
    [{ count: 1, unit: 'workingDays' }, '2027-01-04T16:59:59.999Z', '2026-12-31T16:59:59.999Z'],
    [{ count: 3, unit: 'months' }, '2027-04-01T16:59:59.999Z', '2026-10-01T16:59:59.999Z'],
  ] as const)('of %j ends and begins where the side counts', (term, after, before) => {
    expect(dueAfter(term, from, HANOI).at.toISOString()).toBe(after);
    expect(dueBefore(term, from, HANOI).at.toISOString()).toBe(before);
  });

  it('says when working days go beyond what is known', () => {
    const term = { count: 5, unit: 'workingDays' } as const;
    expect(dueAfter(term, new Date('2028-12-28T12:00:00Z'), LONDON).beyondData).toBe(true);
    expect(dueAfter(term, from, { calendar: 'zz', timezone: 'UTC' }).beyondData).toBe(true);
    expect(dueAfter({ count: 9, unit: 'months' }, from, { calendar: 'zz', timezone: 'UTC' }).beyondData).toBe(false);
    expect(dueAfter({ count: 9, unit: 'days' }, from, { calendar: 'zz', timezone: 'UTC' }).beyondData).toBe(false);
  });
});
