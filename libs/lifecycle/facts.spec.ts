import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Message } from '../schema';
import { toStep, type Facts } from '.';

const FOLDER = path.join(__dirname, '../../schemas/referral/v1/examples/valid');
const example = (name: string) => JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Message;

/** All that the machines, the rules and the deadlines know of a message: read off the examples by hand. */
const FACTS: Readonly<Record<string, Facts>> = {
  'referral-protect-adult': {
    kind: 'referral',
    purpose: 'PROTECT',
    priority: 'urgent',
    identityMode: 'identified',
    child: false,
    consent: {
      status: 'given',
      scopes: ['share_with_services', 'share_with_police', 'exploitation_details', 'narrative', 'health'],
      expiresAt: '2027-11-13',
    },
    precisePlace: false,
  },
  'referral-protect-child-cannabis': {
    kind: 'referral',
    purpose: 'PROTECT',
    priority: 'emergency',
    identityMode: 'identified',
    child: true,
    consent: { status: 'override', scopes: [], expiresAt: '2026-12-17' },
    precisePlace: true,
  },
  'referral-alert-imminent-movement': {
    kind: 'referral',
    purpose: 'ALERT',
    priority: 'emergency',
    identityMode: 'identified',
    child: false,
    consent: { status: 'override', scopes: [], expiresAt: '2026-11-23' },
    precisePlace: true,
  },
  'referral-follow': {
    kind: 'referral',
    purpose: 'FOLLOW',
    priority: 'normal',
    identityMode: 'pseudonymous',
    child: false,
    consent: { status: 'narrowed', scopes: ['followup', 'share_with_services'], expiresAt: '2027-08-01' },
    precisePlace: false,
  },
  'ack-protect-adult': { kind: 'ack', dueDate: '2026-11-19' },
  'rfi-protect-child': { kind: 'rfi', questions: ['q1', 'q2', 'q3'], priority: 'emergency' },
  'rfi-response-protect-child': { kind: 'rfi_response', answered: ['q1', 'q2', 'q3'], precisePlace: false },
  'update-protect-child-onward-permission': {
    kind: 'update',
    problems: [],
    permits: ['gb.police', 'gb.nca'],
    permitsUntil: '2026-12-17',
    precisePlace: false,
  },
  'update-protect-farm-onward-refused': { kind: 'update', problems: [], refuses: ['au.dss-stpp'], precisePlace: false },
  'update-alert-imminent-movement-location': { kind: 'update', problems: [], precisePlace: true },
  'update-return-land-problems': { kind: 'update', problems: ['medical_emergency'], precisePlace: false },
  'update-protect-child-on-hold': {
    kind: 'update',
    status: 'on_hold',
    reviewBy: '2026-12-11',
    problems: [],
    precisePlace: false,
  },
  'accept-protect-child-in-part': { kind: 'accept', inPart: true },
  'accept-protect-adult': { kind: 'accept', inPart: true },
  'accept-verify-adult': { kind: 'accept', inPart: true },
  'decline-protect-adult': { kind: 'decline', code: 'not_competent_unit', handBack: false },
  'decline-protect-farm-late': { kind: 'decline', code: 'no_capacity', handBack: true },
  'redirect-verify-child': { kind: 'redirect', unit: 'vn.moh-social' },
  'cancel-confirm-follow-too-late': { kind: 'cancel_confirm', result: 'too_late' },
  'handover-plan-return-land': {
    kind: 'handover_plan',
    version: 1,
    earliest: '2026-12-08T01:00:00Z',
    latest: '2026-12-18T10:00:00Z',
    receivingUnit: 'vn.mnd-border',
  },
  'handover-accept-return-land': {
    kind: 'handover_accept',
    version: 1,
    planDigest: 'AJhy6IKasm344SjM3Yu_ZvMQ1UtQNlz6Sk8Lh54JUdw',
  },
  'departure-notice-return-land-first': {
    kind: 'departure_notice',
    planDigest: 'AJhy6IKasm344SjM3Yu_ZvMQ1UtQNlz6Sk8Lh54JUdw',
    departedAt: '2026-12-10T01:15:00Z',
    arriveBy: '2026-12-10T06:00:00Z',
    problems: [],
  },
  'arrival-confirmation-return-land': {
    kind: 'arrival_confirmation',
    result: 'arrived',
    arrivedAt: '2026-12-29T04:50:00Z',
    problems: ['media_present'],
  },
  'arrival-confirmation-return-child-diverted': {
    kind: 'arrival_confirmation',
    result: 'diverted',
    arrivedAt: '2026-12-15T23:20:00Z',
    problems: ['wrong_place'],
  },
  'delegation-notice-return-land': {
    kind: 'delegation_notice',
    units: ['vn.mnd-border', 'vn.mps-immigration', 'vn.moh-social'],
    chair: 'vn.mps-immigration',
  },
  'reception-record-return-land': {
    kind: 'reception_record',
    units: ['vn.mnd-border', 'vn.mps-immigration', 'vn.moh-social'],
    chair: 'vn.moh-social',
    problems: ['documents_missing', 'media_present'],
  },
  'outcome-follow': { kind: 'outcome', code: 'info_provided' },
  'followup-return-land-month-3': { kind: 'followup', month: 3 },
  'consent-withdrawal-protect-adult': { kind: 'consent_withdrawal', scopes: 'all', receivedOn: '2026-11-23' },
  'consent-withdrawal-protect-farm-scopes': {
    kind: 'consent_withdrawal',
    scopes: ['health'],
    receivedOn: '2026-11-17',
  },
  'consent-withdrawal-trace-child-guardian': { kind: 'consent_withdrawal', scopes: 'all', receivedOn: '2026-11-25' },
  'correction-protect-child-field': { kind: 'correction', error: false, precisePlace: false, child: true },
  'correction-verify-child-wrong-recipient': { kind: 'correction', error: true, precisePlace: false },
  'correction-return-adult-field': { kind: 'correction', error: false, precisePlace: false },
  'closure-protect-child-propose': { kind: 'closure', action: 'propose' },
  'alert-protect-farm-threat': { kind: 'alert' },
};

describe('the facts of a message', () => {
  it.each(Object.entries(FACTS))('%s', (name, facts) => {
    // A member without a value is no member: facts are stored as JSON.
    expect(JSON.parse(JSON.stringify(toStep(example(name), 'sender', 'd', []).facts))).toEqual(facts);
  });

  it('of an acceptance of everything, point by point or as a whole, are not in part', () => {
    const message = example('accept-protect-child-in-part') as Message & { accept: { scope?: object[] } };
    const all = message.accept.scope!.map((point) => ({ ...point, accepted: true }));
    for (const scope of [all, undefined]) {
      const accept = { ...message.accept, scope } as never;
      expect(toStep({ ...message, accept }, 'recipient', 'd', []).facts).toMatchObject({ inPart: false });
    }
  });

  it('of a permission without an end have none', () => {
    const message = example('update-protect-child-onward-permission') as Message & { update: Record<string, object> };
    const onwardPermission = { granted: true, units: ['gb.nca'] };
    const facts = toStep({ ...message, update: { onwardPermission } }, 'sender', 'd', []).facts;
    expect(facts).toMatchObject({ permits: ['gb.nca'] });
    expect(facts).not.toHaveProperty('permitsUntil');
  });
});
