import fc from 'fast-check';
import { faultAt, TraoError } from '../errors';
import directoryExample from '../../schemas/directory/v1/examples/valid/two-nodes.json';
import receiptExample from '../../schemas/receipt/v1/examples/valid/received.json';
import pingExample from '../../schemas/referral/v1/examples/valid/ping-vn-to-gb.json';
import referralExample from '../../schemas/referral/v1/examples/valid/referral-protect-adult.json';
import {
  MAX_FAULTS,
  assertConsentRecord,
  assertDirectory,
  assertMessage,
  assertOverrideRecord,
  assertReceipt,
  messageTypeOf,
} from '.';

/** True unless something else than TraoError was thrown. */
function throwsNothingElse(value: unknown): boolean {
  try {
    assertMessage(value);
    return true;
  } catch (error) {
    return error instanceof TraoError;
  }
}

function refusal(value: unknown, check: (value: unknown) => void = (v) => assertMessage(v)): TraoError {
  try {
    check(value);
  } catch (error) {
    if (error instanceof TraoError) return error;
    throw error;
  }
  throw new Error('was accepted');
}
const faultsOf = (value: unknown): [string, { [pointer: string]: string }] => {
  const { code, faults } = refusal(value);
  return [code, Object.fromEntries(faults.map(({ pointer, rule }) => [pointer, rule]))];
};
type Loose = { [name: string]: unknown };
const referral = (change: Loose): Loose => ({ ...structuredClone(referralExample), ...change });
const headed = (change: Loose): Loose => referral({ header: { ...referralExample.header, ...change } });

describe('assertMessage', () => {
  it('narrows to a message whose type can be asked', () => {
    const value: unknown = structuredClone(pingExample);
    assertMessage(value);
    expect(messageTypeOf(value)).toBe('ping');
    expect('ping' in value && value.ping.nonce).toBe(pingExample.ping.nonce);
  });

  it.each([[undefined], [null], ['text'], [7], [[]]])('refuses %p, which is no object', (value) => {
    expect(faultsOf(value)).toEqual(['schema_invalid', { '': 'must be an object' }]);
  });

  it('names what is missing before the kind of message is known', () => {
    expect(faultsOf({})).toEqual(['schema_invalid', { '/header': 'is required' }]);
    expect(faultsOf({ header: [] })).toEqual(['schema_invalid', { '/header': 'must be an object' }]);
    expect(faultsOf({ header: {} })).toEqual(['schema_invalid', { '/header/schemaVersion': 'is required' }]);
    expect(faultsOf({ header: { schemaVersion: '1.0' } })).toEqual([
      'schema_invalid',
      { '/header/messageType': 'is required' },
    ]);
    expect(faultsOf(headed({ messageType: 1 }))).toEqual([
      'schema_invalid',
      { '/header/messageType': 'must be a text' },
    ]);
  });

  it('does not take members from a prototype', () => {
    expect(faultsOf(Object.create(referralExample))).toEqual(['schema_invalid', { '/header': 'is required' }]);
    const person: unknown = Object.create(referralExample.person);
    expect(refusal(referral({ person })).faults.map(({ pointer }) => pointer)).toContain('/person/ageStatus');
  });

  it('tells a version or a type that it does not know from one that is malformed', () => {
    const unsupported = 'is not supported here';
    expect(faultsOf(headed({ schemaVersion: '2.0' }))).toEqual([
      'schema_unsupported',
      { '/header/schemaVersion': unsupported },
    ]);
    expect(faultsOf(headed({ schemaVersion: '10.3', messageType: 'x' }))).toEqual([
      'schema_unsupported',
      {
        '/header/schemaVersion': unsupported,
      },
    ]);
    expect(faultsOf(headed({ messageType: 'gossip' }))).toEqual([
      'schema_unsupported',
      { '/header/messageType': unsupported },
    ]);
    expect(faultsOf(headed({ schemaVersion: 1 }))).toEqual([
      'schema_invalid',
      { '/header/schemaVersion': 'must be a text' },
    ]);
    expect(faultsOf(headed({ schemaVersion: 'one' }))).toEqual([
      'schema_invalid',
      {
        '/header/schemaVersion': 'does not have the required form',
      },
    ]);
  });

  it('accepts an unknown minor version, without any addition', () => {
    expect(() => assertMessage(headed({ schemaVersion: '1.7' }))).not.toThrow();
    const added = { ...headed({ schemaVersion: '1.7' }), mood: 'x', needs: [{ service: 'moon', urgency: 'normal' }] };
    expect(Object.keys(faultsOf(added)[1])).toEqual(['/mood', '/needs/0/service']);
  });

  it('reports all faults at once, one for each place, in words without values', () => {
    const value = referral({
      alert: { secret: 'x' },
      colour: 'blue',
      needs: [],
      evaluation: { source: 'B', information: 9 },
      consent: { ...referralExample.consent, expiresAt: '2027-02-30', language: 7, interpreterUsed: 'no' },
      person: {
        ...referralExample.person,
        birth: {},
        dependants: { count: -1, ages: {} },
        citizenship: ['viet nam'],
        aliases: [''],
      },
      exploitation: { types: ['piracy'], narrative: 'a'.repeat(3001) },
      handling: {
        ...referralExample.handling,
        caveats: ['no_judicial_use', 'no_judicial_use'],
        onward: 'allowed_listed_units',
      },
      safeContact: [{ channel: 'none', safe: false, verifiedNotExploiter: true, value: 'x' }],
      questions: Array.from({ length: 21 }, () => ({ code: 'service_capacity' })),
      contact: 'desk',
    });
    expect(faultsOf(value)).toEqual([
      'schema_invalid',
      {
        '/alert': 'is not allowed for this purpose',
        '/alert/type': 'is required',
        '/alert/window': 'is required',
        '/alert/firstAction': 'is required',
        '/alert/secret': 'is not a known field',
        '/colour': 'is not a known field',
        '/needs': 'must have at least 1 entries',
        '/evaluation/information': 'must be at most 4',
        '/consent/expiresAt': 'must be a valid date',
        '/consent/language': 'must be a text',
        '/consent/interpreterUsed': 'must be true or false',
        '/person/birth': 'must have at least 1 field',
        '/person/dependants/count': 'must be at least 0',
        '/person/dependants/ages': 'must be a list',
        '/person/citizenship/0': 'must have at most 3 characters',
        '/person/aliases/0': 'must have at least 1 characters',
        '/exploitation/types/0': 'must be one of the listed codes',
        '/exploitation/narrative': 'must have at most 3000 characters',
        '/handling/caveats': 'must not have the same entry twice',
        '/handling/onwardUnits': 'is required in this case',
        '/safeContact/0/safe': 'must have the one allowed value',
        '/safeContact/0/value': 'is not allowed in this case',
        '/questions': 'must have at most 20 entries',
        '/contact': 'must be an object',
      },
    ]);
  });

  it('says when there are too many fields and when a number is not whole', () => {
    const person = { ...referralExample.person, birth: { year: 2001.5, ageBand: '24-26' } };
    expect(faultsOf(referral({ person }))).toEqual([
      'schema_invalid',
      {
        '/person/birth': 'must have at most 1 field',
        '/person/birth/year': 'must be a whole number',
      },
    ]);
  });

  it('does not repeat the name of an unknown field that may be content', () => {
    expect(faultsOf(referral({ 'Nguyễn Thị Ví Dụ': 1 }))).toEqual(['schema_invalid', { '': 'has an unknown field' }]);
  });

  it('stops at the first fifty faults', () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`field${i}`, i]));
    expect(refusal(referral(many)).faults).toHaveLength(MAX_FAULTS);
    expect(refusal(referral({ needs: Array(80).fill('e\u0302') })).faults).toHaveLength(MAX_FAULTS);
  });

  it('refuses texts and keys that are not in normal form C, and lone surrogates', () => {
    const decomposed = 'Nguye\u0302\u0303n';
    const rule = 'is not in Unicode normal form C';
    expect(faultsOf(referral({ needs: [{ service: decomposed, urgency: 'normal' }] }))).toEqual([
      'not_nfc',
      { '/needs/0/service': rule },
    ]);
    expect(faultsOf(referral({ colour: 'a\ud800' }))).toEqual(['not_nfc', { '/colour': rule }]);
    const key = 'has a key that is not in Unicode normal form C';
    const person = { ...referralExample.person, [decomposed]: 1 };
    expect(faultsOf(referral({ person }))).toEqual(['not_nfc', { '/person': key }]);
  });

  it('reports the faults of texts and of the schema together', () => {
    expect(faultsOf(referral({ needs: [{ service: 'e\u0302' }], colour: 'ok' }))).toEqual([
      'not_nfc',
      {
        '/needs/0/service': 'is not in Unicode normal form C',
        '/needs/0/urgency': 'is required',
        '/colour': 'is not a known field',
      },
    ]);
  });

  it('refuses what is nested without end', () => {
    const person: Loose = {};
    person.person = person;
    expect(refusal(referral({ person })).code).toBe('too_deep');
  });

  it('never throws anything but TraoError', () => {
    const value = fc.oneof(
      fc.anything(),
      fc.anything().map((header) => ({ header })),
      fc
        .record({
          schemaVersion: fc.constantFrom('1.0', '2.0'),
          messageType: fc.constantFrom('referral', 'ack', 'ping'),
        })
        .map((header) => ({ header })),
      fc
        .tuple(fc.constantFrom(...Object.keys(referralExample)), fc.anything())
        .map(([key, part]) => referral({ [key]: part })),
    );
    fc.assert(
      fc.property(value, (candidate) => {
        expect(throwsNothingElse(candidate)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('assertReceipt and assertDirectory', () => {
  it('accept the examples', () => {
    expect(() => assertReceipt(receiptExample)).not.toThrow();
    expect(() => assertDirectory(directoryExample)).not.toThrow();
  });

  it('refuse anything else with codes of their own', () => {
    expect(refusal({}, (value) => assertReceipt(value)).code).toBe('receipt_malformed');
    expect(refusal(null, (value) => assertDirectory(value)).code).toBe('directory_malformed');
    const events = { 'https://trao.example/events/received': {} };
    expect(refusal({ ...receiptExample, events }, (value) => assertReceipt(value)).faults).toContainEqual(
      faultAt('/events/https:~1~1trao.example~1events~1received/digest', 'required'),
    );
  });
});

describe('assertConsentRecord and assertOverrideRecord', () => {
  const explained = ['who', 'what', 'why', 'how_long', 'right_to_refuse', 'right_to_withdraw', 'consequences'];
  const record = {
    status: 'given',
    grants: [{ scope: 'health', country: 'GBR', unitClass: 'social', purpose: 'PROTECT' }],
    takenAt: '2026-11-06',
    expiresAt: '2027-11-06',
    language: 'vi',
    interpreterUsed: true,
    explainedBy: { role: 'caseworker', unit: 'vn.moh-social' },
    takenByUnit: 'vn.moh-social',
    formVersion: 'HTCDS-2.0/vi-2',
    formSha256: 'fQzzExE-OSQNOFMINuqQ3r5zFx1loPo7XQL-dKduSoE',
    questions: Object.fromEntries(explained.map((point) => [point, true])),
    wayToWithdraw: 'hotline',
    assent: { given: true, at: '2026-11-06' },
    guardianConsent: { type: 'kin', at: '2026-11-06', notSuspected: true },
  };
  const override = {
    basis: 'vital_interest',
    reason: 'threat_to_life',
    decidedAt: '2026-11-06T10:00:00Z',
    expiresAt: '2026-11-09T10:00:00Z',
    personToldWhen: '2026-11-07',
  };
  const consentFaults = (change: Loose) => refusal({ ...record, ...change }, (value) => assertConsentRecord(value));

  it('accept whole records', () => {
    expect(() => assertConsentRecord(record)).not.toThrow();
    expect(() => assertOverrideRecord(override)).not.toThrow();
  });

  it.each(explained)('ask that %s was explained', (point) => {
    const { faults } = consentFaults({ questions: { ...record.questions, [point]: false } });
    expect(faults).toEqual([faultAt(`/questions/${point}`, 'not_the_value')]);
  });

  it('refuse a guardian who is suspected', () => {
    const guardianConsent = { ...record.guardianConsent, notSuspected: false };
    expect(consentFaults({ guardianConsent }).faults).toEqual([
      faultAt('/guardianConsent/notSuspected', 'not_the_value'),
    ]);
  });

  it('refuse anything else', () => {
    expect(consentFaults({ nationality: 'VNM' })).toMatchObject({
      code: 'schema_invalid',
      faults: [faultAt('/nationality', 'unknown_field')],
    });
    const error = refusal({ ...override, basis: 'consent' }, (value) => assertOverrideRecord(value));
    expect(error).toMatchObject({ code: 'schema_invalid', faults: [faultAt('/basis', 'code_not_listed')] });
  });
});
