import { faultAt, TraoError } from '../errors';
import decline from '../../schemas/referral/v1/examples/valid/decline-protect-adult.json';
import referral from '../../schemas/referral/v1/examples/valid/referral-protect-adult.json';
import { MAX_FAULTS, readMessage } from '.';

type Loose = { [name: string]: unknown };
const newer = (change: Loose, schemaVersion = '1.4', header: Loose = {}): Loose => ({
  ...structuredClone(referral),
  ...change,
  header: { ...referral.header, schemaVersion, ...header },
});

function refusal(value: unknown): TraoError {
  try {
    readMessage(value);
  } catch (error) {
    if (error instanceof TraoError) return error;
    throw error;
  }
  throw new Error('was accepted');
}
const pointers = (value: unknown) => refusal(value).faults.map(({ pointer }) => pointer);

describe('readMessage, of version 1.0,', () => {
  it('gives the message and nothing unknown', () => {
    expect(readMessage(referral)).toEqual({ message: referral, unknownFields: [] });
  });

  it.each(['1.0', '1.00'])('refuses additions in %s as assertMessage does', (version) => {
    expect(refusal(newer({ mood: 'calm' }, version))).toMatchObject({
      code: 'schema_invalid',
      faults: [faultAt('/mood', 'unknown_field')],
    });
    const needs = [{ service: 'moonlight', urgency: 'normal' }];
    expect(refusal(newer({ needs }, version)).faults).toEqual([faultAt('/needs/0/service', 'code_not_listed')]);
  });
});

describe('readMessage, of a later minor version,', () => {
  it('keeps unknown fields and codes as they came, and says where they are', () => {
    const value = newer({
      mood: { 'any/thing': [1] },
      needs: [
        { service: 'moonlight', urgency: 'normal', by: 'x' },
        { service: 'medical', urgency: 'normal' },
      ],
      person: { ...referral.person, 'a/b': 1 },
      questions: [{ code: 'weather' }],
    });
    const before = structuredClone(value);
    const { message, unknownFields } = readMessage(value);
    expect(message).toBe(value);
    expect(message).toEqual(before);
    expect([...unknownFields].sort()).toEqual([
      '/mood',
      '/needs/0/by',
      '/needs/0/service',
      '/person/a~1b',
      '/questions/0/code',
    ]);
  });

  it('says nothing when nothing is added', () => {
    expect(readMessage(newer({}, '1.1')).unknownFields).toEqual([]);
  });

  it('names every addition, however many', () => {
    const many = Object.fromEntries(Array.from({ length: MAX_FAULTS + 20 }, (_, i) => [`field${i}`, i]));
    expect(readMessage(newer(many)).unknownFields).toHaveLength(MAX_FAULTS + 20);
  });

  it('refuses what no addition explains, and names only that', () => {
    const person = { ...referral.person, birth: { date: '1999-01-01' } };
    expect(pointers(newer({ mood: 'x', person }))).toEqual(['/person/birth/date']);
    expect(pointers(newer({ mood: 'x', needs: [] }))).toEqual(['/needs']);
    expect(refusal(newer({ mood: 'e\u0302' }))).toMatchObject({
      code: 'not_nfc',
      faults: [faultAt('/mood', 'not_nfc')],
    });
  });

  it('refuses what a purpose forbids', () => {
    expect(refusal(newer({ mood: 'x', return: {} })).faults[0]).toEqual(faultAt('/return', 'not_allowed_for_purpose'));
  });

  it('refuses a field whose name may be content', () => {
    expect(refusal(newer({ 'Nguyễn Thị Ví Dụ': 1 })).faults).toEqual([faultAt('', 'has_unknown_field')]);
  });

  it.each([
    ['a purpose', newer({}, '1.4', { purpose: 'HIDE' }), '/header/purpose'],
    ['a priority', newer({}, '1.4', { priority: 'sometime' }), '/header/priority'],
    ['a role', newer({}, '1.4', { authorRole: 'visitor' }), '/header/authorRole'],
    ['an age status', newer({ person: { ...referral.person, ageStatus: 'elder' } }), '/person/ageStatus'],
    ['an identity mode', newer({ identityMode: 'half' }), '/identityMode'],
    [
      'a caveat',
      newer({ handling: { ...referral.handling, caveats: ['no_immigration_enforcement', 'no_copy'] } }),
      '/handling/caveats/1',
    ],
    ['a rule of family contact', newer({ familyContact: 'by_post' }), '/familyContact'],
  ])('refuses an unknown code of %s, as that list is closed', (_what, value, pointer) => {
    expect(refusal(value)).toMatchObject({ code: 'schema_invalid', faults: [{ pointer, code: 'code_not_listed' }] });
  });

  it('refuses a code that a rule excludes, listed or not', () => {
    const consent = { ...referral.consent, status: 'override', legalBasis: 'consent' };
    expect(refusal(newer({ consent })).faults).toEqual([faultAt('/consent/legalBasis', 'code_not_listed_in_case')]);
  });

  it('takes an unknown neutral code of an answer', () => {
    const header = { ...decline.header, schemaVersion: '1.1' };
    const { unknownFields } = readMessage({ ...decline, header, decline: { ...decline.decline, code: 'strike' } });
    expect(unknownFields).toEqual(['/decline/code']);
  });
});

describe('readMessage', () => {
  it('refuses an unknown type and another major version as unsupported', () => {
    const unsupported = (value: unknown) => [refusal(value).code, ...pointers(value)];
    expect(unsupported(newer({}, '1.4', { messageType: 'gossip' }))).toEqual([
      'schema_unsupported',
      '/header/messageType',
    ]);
    expect(unsupported(newer({}, '2.0'))).toEqual(['schema_unsupported', '/header/schemaVersion']);
    expect(unsupported(newer({}, '0.9'))).toEqual(['schema_unsupported', '/header/schemaVersion']);
  });

  it.each([[null], [{}], [{ header: {} }], [newer({}, 'one')], [newer({}, '1.')], [newer({}, '1.1234567')]])(
    'refuses %p as invalid',
    (value) => {
      expect(refusal(value).code).toBe('schema_invalid');
    },
  );

  it('refuses what contains itself', () => {
    const person: Loose = {};
    person.person = person;
    expect(refusal(newer({ person })).code).toBe('too_deep');
  });
});
