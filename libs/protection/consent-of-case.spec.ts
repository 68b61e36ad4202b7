import { restsOnOverride, type Disclosure } from '.';
import { caseStateOf, toStep, type CaseState } from '../lifecycle';
import type { Disclosed, Message, Referral } from '../schema';
import { consentFaults } from './consent-rules';
import { disclosureOf, example, listed, overrideFor, recordFor, referralExample, unitOf } from './fixtures/examples';

const HEALTH: Disclosed = { health: { fitToTravel: 'yes' } };

/** An update in the case of a referral, by either side, that discloses something; written the day after. */
function updateIn(opening: Referral, side: 'sender' | 'recipient', disclosed?: Disclosed): Disclosure {
  const { senderUnit, recipientUnit, referralId, purpose, createdAt } = opening.header;
  const [from, to] = side === 'sender' ? [senderUnit, recipientUnit] : [recipientUnit, senderUnit];
  const now = new Date(Date.parse(createdAt) + 86_400_000);
  const { header } = example('update-protect-farm-safe');
  const message = {
    header: { ...header, senderUnit: from, recipientUnit: to, referralId, purpose, createdAt: now.toISOString() },
    update: { note: 'Seen today.', ...(disclosed && { disclosed }) },
  } as Message;
  const agreed = opening.consent?.status === 'given';
  return {
    message,
    sender: { unit: from },
    recipient: unitOf(to),
    now,
    state: stateOf(opening),
    side,
    record: agreed && side === 'sender' ? recordFor(opening) : undefined,
    hold: false,
  };
}

const stateOf = (opening: Referral): CaseState => caseStateOf([toStep(opening, 'sender', 'digest', [])]);
const AT = '/update/disclosed';

describe('a later message in a case with consent', () => {
  const opening = referralExample('protect-adult');
  const send = updateIn(opening, 'sender', HEALTH);
  const answer = updateIn(opening, 'recipient', HEALTH);
  const faults = (disclosure: Disclosure, more: Partial<Disclosure> = {}) =>
    listed(consentFaults({ ...disclosure, ...more }));

  it('shares what the person agreed to', () => {
    expect(faults(send)).toEqual([]);
    expect(faults(answer)).toEqual([]);
  });

  it('shares nothing else, on either side', () => {
    const photo = { person: { photo: 'digest' } };
    expect(faults(updateIn(opening, 'sender', photo))).toEqual([`scope_missing ${AT}/person/photo`]);
    expect(faults(updateIn(opening, 'recipient', photo))).toEqual([`scope_missing ${AT}/person/photo`]);
  });

  it('needs the record only where the consent was taken', () => {
    expect(faults(send, { record: undefined })).toEqual([`consent_record_missing ${AT}`]);
    expect(faults(send, { record: undefined, records: 'not_ours' })).toEqual([]);
    expect(faults(answer, { record: undefined })).toEqual([]);
  });

  it('shares what the record still grants for this recipient', () => {
    const record = recordFor(opening);
    const grants = record.grants.filter(({ scope }) => scope !== 'health');
    expect(faults(send, { record: { ...record, grants } })).toEqual([`scope_missing ${AT}/health`]);
    const withdrawn = faults(send, { record: { ...record, status: 'withdrawn' } });
    expect(withdrawn).toContain(`consent_withdrawn ${AT}`);
    expect(withdrawn).toContain(`scope_missing ${AT}/health`);
  });

  it('shares no more than the case says, whatever the record grants', () => {
    const narrowed: CaseState = {
      ...stateOf(opening),
      consent: { state: 'narrowed', scopes: ['share_with_services'], expiresAt: '2027-11-13' },
    };
    expect(faults(send, { state: narrowed })).toEqual([`scope_missing ${AT}/health`]);
    expect(faults(answer, { state: narrowed })).toEqual([`scope_missing ${AT}/health`]);
  });

  it.each([
    ['sender', send],
    ['recipient', answer],
  ])('ends with the consent, on the side of the %s', (_side, disclosure) => {
    const last = { now: new Date('2027-11-13T12:00:00Z') };
    const after = { now: new Date('2027-11-14T12:00:00Z') };
    expect(faults(disclosure, last)).toEqual([]);
    expect(faults(disclosure, after)).toContain(`consent_expired ${AT}`);
    expect(faults(disclosure, after)).toContain(`scope_missing ${AT}/health`);
  });

  it('of an expired consent shares not even what needs no scope', () => {
    const name = updateIn(opening, 'recipient', { person: { gender: 'female' } });
    expect(faults(name)).toEqual([]);
    expect(faults(name, { now: new Date('2027-11-14T12:00:00Z') })).toEqual([`consent_expired ${AT}`]);
  });

  it('lapses when the child is of age', () => {
    const child = referralExample('return-child');
    const needs = updateIn(child, 'recipient', { trace: { persons: [], discloseToFamily: 'nothing' } });
    expect(faults(needs, { now: new Date('2027-04-29T12:00:00Z') })).toEqual([]);
    expect(faults(needs, { now: new Date('2027-04-30T12:00:00Z') })).toEqual([
      `consent_lapsed ${AT}`,
      `scope_missing ${AT}/trace`,
    ]);
  });

  it('is still allowed when it shares nothing', () => {
    const silent = updateIn(opening, 'sender');
    expect(faults(silent, { record: undefined, now: new Date('2030-01-01T00:00:00Z') })).toEqual([]);
  });

  it('points to the plan when the record for it is missing', () => {
    const disclosure = disclosureOf(example('handover-plan-return-adult'));
    expect(disclosure.side).toBe('sender');
    expect(faults({ ...disclosure, record: undefined })).toEqual(['consent_record_missing /handoverPlan']);
  });
});

describe('a later message in a case without consent', () => {
  const opening = referralExample('protect-child-cannabis');
  const decision = { override: overrideFor(opening, '2026-11-18T08:45:02Z') };
  const faults = (disclosure: Disclosure) => listed(consentFaults(disclosure));

  it.each(['sender', 'recipient'] as const)('needs a decision of the %s', (side) => {
    const told = updateIn(opening, side, HEALTH);
    expect(faults(told)).toEqual([`override_missing ${AT}`]);
    expect(faults({ ...told, ...decision })).toEqual([]);
    expect(faults({ ...told, records: 'not_ours' })).toEqual([]);
    expect(restsOnOverride(told.message, told.state, side)).toBe(true);
  });

  it('may name any basis of the decision: it names none itself', () => {
    const told = updateIn(opening, 'sender', HEALTH);
    const override = { ...decision.override, basis: 'vital_interest', reason: 'threat_to_life' } as const;
    expect(faults({ ...told, override })).toEqual([]);
    expect(faults({ ...told, override: { ...override, reason: 'court_order' } })).toEqual([
      `override_not_permitted ${AT}`,
    ]);
  });

  it('goes by the purpose of the referral', () => {
    const alert = referralExample('alert-imminent-movement');
    const told = updateIn(alert, 'recipient', HEALTH);
    const override = overrideFor(alert, told.message.header.createdAt);
    expect(faults({ ...told, override })).toEqual([]);
    const posing = structuredClone(told.message) as Message & { header: { purpose: string } };
    posing.header.purpose = 'RETURN';
    expect(faults({ ...told, message: posing, override })).toEqual([]);
    const other = updateIn(opening, 'recipient', HEALTH);
    const posed = structuredClone(other.message) as Message & { header: { purpose: string } };
    posed.header.purpose = 'ALERT';
    const otherBasis = { ...decision.override, basis: 'vital_interest' } as const;
    expect(faults({ ...other, message: posed, override: otherBasis })).toEqual([`override_not_permitted ${AT}`]);
  });

  it('shares nothing that only the person can say, unless the case has that word', () => {
    const told = updateIn(opening, 'recipient', { exploitation: { types: ['other'], narrative: 'x' } });
    expect(faults({ ...told, ...decision })).toEqual([`scope_missing ${AT}/exploitation/narrative`]);
    const consent = { ...told.state!.consent, scopes: ['narrative' as const] };
    expect(faults({ ...told, ...decision, state: { ...told.state!, consent } })).toEqual([]);
  });

  it('needs no decision for what needs no scope, until its time is over', () => {
    const told = updateIn(opening, 'recipient', { person: { gender: 'male' } });
    expect(faults(told)).toEqual([]);
    expect(restsOnOverride(told.message, told.state, 'recipient')).toBe(false);
    expect(faults({ ...told, now: new Date('2026-12-18T12:00:00Z') })).toEqual([`consent_expired ${AT}`]);
  });
});

describe('a later message in a case of somebody who was not asked', () => {
  const opening = referralExample('protect-anonymous-servitude');
  const faults = (disclosed: Disclosed, side: 'sender' | 'recipient') =>
    listed(consentFaults(updateIn(opening, side, disclosed)));

  it('has no field that needs consent', () => {
    expect(faults({ person: { gender: 'female' } }, 'sender')).toEqual([]);
    expect(faults(HEALTH, 'sender')).toEqual([`scope_missing ${AT}/health`]);
    expect(faults({ exploitation: { types: ['other'], sector: ['T'] } }, 'recipient')).toEqual([
      `scope_missing ${AT}/exploitation/sector`,
    ]);
  });
});

describe('a later message without a living consent', () => {
  it('shares nothing once everything is withdrawn', () => {
    const told = updateIn(referralExample('protect-adult'), 'recipient', HEALTH);
    const state: CaseState = { ...told.state!, consent: { state: 'withdrawn', scopes: [] } };
    expect(listed(consentFaults({ ...told, state }))).toEqual([
      `consent_withdrawn ${AT}`,
      `scope_missing ${AT}/health`,
    ]);
  });

  it('shares nothing outside of a case', () => {
    const told = updateIn(referralExample('protect-adult'), 'recipient', HEALTH);
    expect(listed(consentFaults({ ...told, state: undefined }))).toEqual([`scope_missing ${AT}/health`]);
    expect(restsOnOverride(told.message, undefined, 'recipient')).toBe(false);
  });
});

describe('what rests on an override', () => {
  it('is a referral that says so, whatever it shares', () => {
    const alert = referralExample('alert-imminent-movement');
    expect(restsOnOverride(alert, undefined, 'sender')).toBe(true);
    expect(restsOnOverride(referralExample('protect-adult'), undefined, 'sender')).toBe(false);
    expect(restsOnOverride(referralExample('alert-anonymous-child'), undefined, 'sender')).toBe(false);
  });

  it('is no later message in a case with consent', () => {
    const told = updateIn(referralExample('protect-adult'), 'recipient', HEALTH);
    expect(restsOnOverride(told.message, told.state, 'recipient')).toBe(false);
  });
});
