import { overrideFor, recordFor } from '../../test/fakes/consent-records';
import { referralDraft } from '../../test/fakes/documents';
import { submissionOf } from '../../test/fakes/memory-office';
import { officer } from '../../test/fakes/officers';
import { twoCountries } from '../../test/fakes/two-countries';
import type { TraoError } from '../errors';
import type { ConsentRecord } from '../schema';
import { assertRecords } from './checked-records';
import { readDraft, saveDraft } from './drafting';

const UNIT = 'vn.mps-criminal';
const DOCUMENT = referralDraft();
const RECORD = recordFor(DOCUMENT, 'competent_authority', 'GBR')!;
const { language: _unanswered, ...UNFINISHED } = RECORD;
const DECISION = overrideFor(
  { ...DOCUMENT, consent: { status: 'override', legalBasis: 'vital_interest' } },
  new Date('2026-11-20T10:00:00Z'),
)!;

const places = (run: () => void): string[] => {
  try {
    run();
  } catch (error) {
    return (error as TraoError).faults.map(({ pointer }) => pointer);
  }
  return [];
};

describe('records that go with a document', () => {
  it('are fine when there is none, and when they are whole', () => {
    expect(() => assertRecords({ document: {} })).not.toThrow();
    expect(() => assertRecords({ document: {}, record: RECORD, override: DECISION })).not.toThrow();
  });

  it('name what is missing in them, each at its own place', () => {
    expect(places(() => assertRecords({ document: {}, record: UNFINISHED as ConsentRecord }))).toEqual([
      '/consentRecord/language',
    ]);
    const { expiresAt: _end, ...endless } = DECISION;
    expect(places(() => assertRecords({ document: {}, override: endless as typeof DECISION }))).toEqual([
      '/overrideRecord/expiresAt',
    ]);
  });

  it('may be unfinished in a draft, which then cannot be sent', async () => {
    const { vn } = await twoCountries();
    const author = officer(UNIT, 'caseworker');
    const submission = { ...submissionOf(vn, DOCUMENT), record: UNFINISHED as ConsentRecord };
    const { id } = await saveDraft(author, submission, vn.ports.draft);
    const { faults, record } = await readDraft(author, id, vn.ports.draft);
    expect(record).toEqual(UNFINISHED);
    expect(faults.map(({ pointer, code }) => [pointer, code])).toEqual([['/consentRecord/language', 'required']]);
  });
});
