import type { ConsentTie } from '../../../../libs/protection';
import { DOCUMENT, groundLens, groundOf, OVERRIDE, recordLens, scopesLens, type Written } from './lens';

const TIE: ConsentTie = { node: 'gb', unitClass: 'competent_authority', purpose: 'PROTECT' };
const FIRST = {
  status: 'given',
  takenByUnit: 'vn.mps-criminal',
  explainedBy: { role: 'case_officer', unit: 'vn.mps-criminal' },
} as const;
const NOW = new Date('2026-11-20T10:00:00Z');
const ground = groundLens(TIE, FIRST, () => NOW);
const EMPTY: Written = { document: { header: { messageType: 'referral' }, identityMode: 'identified' } };
const agreed = () => ground.set(EMPTY, { ground: 'consent' });

describe('the ground of a referral', () => {
  it('is none until somebody has chosen', () => {
    expect(groundOf(EMPTY)).toBeUndefined();
    expect(ground.get(EMPTY)).toEqual({});
    expect(ground.set(agreed(), {})).toEqual(EMPTY);
  });

  it('begins a record of consent, and what the message says of it', () => {
    const written = agreed();
    expect(written.record).toEqual(FIRST);
    expect(written.document['consent']).toEqual({
      status: 'given',
      scopes: [],
      legalBasis: 'consent',
      takenByUnit: 'vn.mps-criminal',
    });
    expect(ground.get(written)).toEqual({ ground: 'consent' });
  });

  it('takes the records of other grounds away', () => {
    const decided = ground.set(agreed(), { ground: 'override' });
    expect(decided.record).toBeUndefined();
    expect(decided.override).toEqual({ decidedAt: NOW.toISOString() });
    expect(decided.document['consent']).toEqual({ status: 'override', scopes: [] });
    const unasked = ground.set(decided, { ground: 'not_sought', legalBasis: 'legal_obligation' });
    expect(unasked.override).toBeUndefined();
    expect(unasked.document['consent']).toEqual({ status: 'not_sought', scopes: [], legalBasis: 'legal_obligation' });
    expect(ground.get(unasked)).toEqual({ ground: 'not_sought', legalBasis: 'legal_obligation' });
  });

  it('keeps the record that is there when the same ground is chosen again', () => {
    const written = recordLens(TIE).set(agreed(), { ...FIRST, takenAt: '2026-11-13' });
    expect(ground.set(written, { ground: 'consent' })).toEqual(written);
  });
});

describe('the scopes of this recipient', () => {
  const lens = scopesLens(TIE);
  const other = { scope: 'health', country: 'KHM', unitClass: 'social', purpose: 'RETURN' };

  it('are no answer before anybody has given one', () => {
    expect(lens.get(agreed())).toEqual({});
    expect(lens.get(lens.set(agreed(), { scopes: [] }))).toEqual({ scopes: [] });
  });

  it('leave what the person has agreed to for others', () => {
    const written = recordLens(TIE).set(agreed(), { ...FIRST, grants: [other] });
    const next = lens.set(written, { scopes: ['narrative'] });
    expect(next.record?.['grants']).toEqual([
      other,
      { scope: 'narrative', country: 'GBR', unitClass: 'competent_authority', purpose: 'PROTECT' },
    ]);
    expect(lens.get(next)).toEqual({ scopes: ['narrative'] });
    expect(next.document['consent']).toMatchObject({ scopes: ['narrative'] });
    expect(lens.set(next, {}).record?.['grants']).toEqual([other]);
  });
});

describe('the parts of a submission', () => {
  it('are looked at and replaced each for itself', () => {
    expect(DOCUMENT.get(EMPTY)).toBe(EMPTY.document);
    expect(recordLens(TIE).get(EMPTY)).toEqual({});
    expect(OVERRIDE.get(EMPTY)).toEqual({});
    const decided = OVERRIDE.set(EMPTY, { basis: 'vital_interest', expiresAt: '2026-12-17T10:00:00Z' });
    expect(decided.document['consent']).toMatchObject({ legalBasis: 'vital_interest', expiresAt: '2026-12-17' });
  });
});
