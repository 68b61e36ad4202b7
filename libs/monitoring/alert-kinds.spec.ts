import { ALERT_KINDS, ALERT_OF_ALARM, ALERT_TITLES, alertKind, isAlertKind } from '.';
import { levelOfAlarm } from './alert-kinds';

const kinds = Object.entries(ALERT_KINDS);

describe('the catalogue of alert kinds', () => {
  it('has ids that can be names of files', () => {
    expect(kinds.filter(([id]) => !/^[a-z]+(_[a-z]+)*$/.test(id))).toEqual([]);
  });

  it('has a title of its own for each, in both languages', () => {
    expect(Object.keys(ALERT_TITLES).toSorted()).toEqual(kinds.map(([id]) => id).toSorted());
    for (const language of ['en', 'vi'] as const)
      expect(new Set(Object.values(ALERT_TITLES).map((title) => title[language])).size).toBe(kinds.length);
  });

  it('has a kind for every alarm, and every kind of alarms comes from one', () => {
    const ofAlarms = new Set<string>(Object.values(ALERT_OF_ALARM));
    expect([...ofAlarms].filter((kind) => !isAlertKind(kind))).toEqual([]);
    expect(kinds.filter(([id, { source }]) => source === 'alarm' && !ofAlarms.has(id))).toEqual([]);
  });

  it('knows its kinds and no others', () => {
    expect([isAlertKind('no_workers'), isAlertKind('toString'), isAlertKind('')]).toEqual([true, false, false]);
    expect(alertKind('no_workers')).toMatchObject({
      level: 'critical',
      again: 'hourly',
      ends: 'itself',
      from: ['worker'],
    });
  });

  it('does not let an attack or a leak end by itself', () => {
    const byOperators = [
      'canary_found',
      'id_reused',
      'receipt_contradictory',
      'partner_certificate_changed',
      'integrity_failure',
    ] as const;
    for (const id of byOperators) expect(alertKind(id).ends).toBe('operator');
  });
});

it('tells of silence with growing weight, and of everything else as it is', () => {
  expect([1, 2, 3, 9].map((times) => levelOfAlarm('no_acknowledgement', times))).toEqual([
    'warn',
    'high',
    'critical',
    'critical',
  ]);
  expect([1, 9].map((times) => levelOfAlarm('file_damaged', times))).toEqual(['high', 'high']);
});
