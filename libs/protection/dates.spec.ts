import { dateFaults } from './dates';
import { disclosureOf, example, listed, referralExample } from './fixtures/examples';

type Body = { readonly [member: string]: unknown };

/** Date faults of an example with members of its body changed. */
function changed(name: string, member: string, change: Body, now?: string): string[] {
  const message = example(name);
  const body = { ...(message as unknown as { [member: string]: Body })[member], ...change };
  const disclosure = disclosureOf(message);
  const at = now === undefined ? disclosure.now : new Date(now);
  return listed(dateFaults({ ...disclosure, now: at, message: { ...message, [member]: body } }));
}

const EARLY = '2026-11-20T10:00:00Z';
const LATE = '2026-11-20T10:00:00.001Z';

describe('two dates', () => {
  it.each<[string, string, (first: string, second: string) => Body, string]>([
    ['alert-protect-child-missing', 'alert', (from, to) => ({ window: { from, to } }), '/alert/window/to'],
    [
      'update-return-adult-scheduled',
      'update',
      (earliest, latest) => ({ travelWindow: { earliest, latest } }),
      '/update/travelWindow/latest',
    ],
    [
      'handover-plan-return-adult',
      'handoverPlan',
      (earliest, latest) => ({ window: { earliest, latest } }),
      '/handoverPlan/window/latest',
    ],
    [
      'departure-notice-return-adult',
      'departureNotice',
      (consentCheckedAt, departedAt) => ({ consentCheckedAt, departedAt }),
      '/departureNotice/departedAt',
    ],
    [
      'departure-notice-return-adult',
      'departureNotice',
      (earliest, latest) => ({ expectedArrival: { earliest, latest } }),
      '/departureNotice/expectedArrival/latest',
    ],
  ])('of %s are in order (%#)', (name, member, body, pointer) => {
    expect(changed(name, member, body(EARLY, LATE))).toEqual([]);
    expect(changed(name, member, body(EARLY, EARLY))).toEqual([]);
    expect(changed(name, member, body(LATE, EARLY))).toEqual([`before_start ${pointer}`]);
  });

  it.each<[string, string, (first: string, second: string) => Body, string]>([
    ['referral-protect-adult', 'consent', (takenAt, expiresAt) => ({ takenAt, expiresAt }), '/consent/expiresAt'],
    ['referral-return-adult', 'plan', (from, to) => ({ departureWindow: { from, to } }), '/plan/departureWindow/to'],
    [
      'risk-assessment-return-adult-sender',
      'riskAssessment',
      (assessedOn, validUntil) => ({ assessedOn, validUntil }),
      '/riskAssessment/validUntil',
    ],
    ['stats-report-gb-to-vn', 'statsReport', (from, to) => ({ period: { from, to } }), '/statsReport/period/to'],
  ])('of %s are in order', (name, member, body, pointer) => {
    expect(changed(name, member, body('2026-10-01', '2026-10-02'))).toEqual([]);
    expect(changed(name, member, body('2026-10-01', '2026-10-01'))).toEqual([]);
    expect(changed(name, member, body('2026-10-02', '2026-10-01'))).toEqual([`before_start ${pointer}`]);
  });

  it('say which comes first', () => {
    const message = referralExample('protect-adult');
    message.consent!.expiresAt = '2026-01-01';
    const [fault] = dateFaults(disclosureOf(message));
    expect([fault?.rule, fault?.ruleVi]).toEqual(['must not be before takenAt', 'không được trước takenAt']);
  });
});

describe('what has happened', () => {
  it.each([
    ['risk-assessment-return-adult-sender', 'riskAssessment', 'assessedOn', { validUntil: '2027-12-31' }],
    ['handover-plan-return-adult', 'handoverPlan', 'personConfirmedAt', {}],
    ['handover-accept-return-adult', 'handoverAccept', 'personReconfirmedAt', {}],
    ['referral-return-adult', 'return', 'voluntaryConfirmedAt', {}],
    ['referral-return-child', 'bestInterests', 'date', {}],
  ])('is not in the future, wherever on Earth it is: %s', (name, member, field, more) => {
    const at = (day: string) => changed(name, member, { [field]: day, ...more }, '2026-11-20T10:00:00Z');
    expect(at('2026-11-20')).toEqual([]);
    expect(at('2026-11-21')).toEqual([]);
    expect(at('2026-11-22')).toEqual([`in_future /${member}/${field}`]);
    expect(changed(name, member, { [field]: '2026-11-21', ...more }, '2026-11-20T09:59:59Z')).toEqual([
      `in_future /${member}/${field}`,
    ]);
  });

  it('holds for every decision, also where it is sent later', () => {
    const identification = [{ date: '2020-01-01' }, { date: '2030-01-01' }, {}];
    expect(changed('rfi-response-protect-farm', 'rfiResponse', { disclosed: { identification } })).toEqual([
      'in_future /rfiResponse/disclosed/identification/1/date',
    ]);
  });
});

describe('a precise place', () => {
  it('is named for seven days at most', () => {
    const lasting = (expiresAt: string) => {
      const message = referralExample('alert-imminent-movement');
      message.location!.precise!.expiresAt = expiresAt;
      return listed(dateFaults(disclosureOf(message)));
    };
    expect(lasting('2026-11-27T22:48:09Z')).toEqual([]);
    expect(lasting('2026-11-27T22:48:09.001Z')).toEqual(['precise_place_too_long /location/precise/expiresAt']);
    const precise = { address: 'x', basis: 'consent', expiresAt: '2027-11-27T22:48:09Z' };
    const disclosed = { location: { current: { country: 'GBR' }, precise } };
    expect(changed('update-protect-farm-safe', 'update', { disclosed })).toEqual([
      'precise_place_too_long /update/disclosed/location/precise/expiresAt',
    ]);
  });
});

describe('a journey', () => {
  const window = { earliest: '2026-12-10T10:00:00Z', latest: '2026-12-10T20:00:00Z' };
  const plan = (flight: string | undefined, now: string) =>
    changed('handover-plan-return-adult', 'handoverPlan', { flight, window, personConfirmedAt: '2026-11-01' }, now);

  it('has a flight within three days of departure only', () => {
    expect(plan('VN 0', '2026-12-07T10:00:00Z')).toEqual([]);
    expect(plan('VN 0', '2026-12-07T09:59:59.999Z')).toEqual(['flight_too_early /handoverPlan/flight']);
    expect(plan(undefined, '2026-11-20T00:00:00Z')).toEqual([]);
  });

  it('begins within three days of the last yes', () => {
    const departure = (consentCheckedAt: string) =>
      changed('departure-notice-return-adult', 'departureNotice', {
        consentCheckedAt,
        departedAt: '2026-12-10T10:00:00Z',
      });
    expect(departure('2026-12-07T10:00:00Z')).toEqual([]);
    expect(departure('2026-12-07T09:59:59.999Z')).toEqual(['check_too_old /departureNotice/consentCheckedAt']);
  });
});
