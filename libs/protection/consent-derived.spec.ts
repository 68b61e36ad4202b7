import { recordFor } from '../../test/fakes/consent-records';
import { referralDraft } from '../../test/fakes/documents';
import { consentInsteadOf, consentOutOf, type ConsentTie } from './consent-derived';

const TIE: ConsentTie = { node: 'gb', unitClass: 'competent_authority', purpose: 'PROTECT' };
const GRANT = { country: 'GBR', unitClass: 'competent_authority', purpose: 'PROTECT' } as const;

describe('the consent of a referral, out of its record', () => {
  it('is what the referral of that record says', () => {
    const document = referralDraft();
    const { consent, header } = document as { consent: object } & typeof document;
    const tie = { ...TIE, purpose: header['purpose'] as ConsentTie['purpose'] };
    const record = recordFor(document, 'competent_authority', 'GBR')!;
    expect(consentOutOf(record, tie)).toEqual(consent);
  });

  it('claims the scopes of this recipient and purpose only', () => {
    const grants = [
      { scope: 'health', ...GRANT },
      { scope: 'photo', ...GRANT, country: 'KHM' },
      { scope: 'narrative', ...GRANT, unitClass: 'police' },
      { scope: 'statistics', ...GRANT, purpose: 'RETURN' },
    ] as const;
    expect(consentOutOf({ status: 'narrowed', grants: [...grants] }, TIE)).toEqual({
      status: 'narrowed',
      scopes: ['health'],
      legalBasis: 'consent',
    });
  });

  it('is as unfinished as the record', () => {
    expect(consentOutOf({}, TIE)).toEqual({ status: 'given', scopes: [], legalBasis: 'consent' });
    expect(consentOutOf({ interpreterUsed: false, takenAt: '2026-11-13' }, TIE)).toMatchObject({
      interpreterUsed: false,
      takenAt: '2026-11-13',
    });
  });
});

describe('the ground of a decision to share without consent', () => {
  it('names the basis and the last day of the decision, and no scope', () => {
    const decision = { basis: 'child_best_interests', expiresAt: '2026-12-17T10:00:00Z' } as const;
    expect(consentInsteadOf(decision)).toEqual({
      status: 'override',
      scopes: [],
      legalBasis: 'child_best_interests',
      expiresAt: '2026-12-17',
    });
    expect(consentInsteadOf({})).toEqual({ status: 'override', scopes: [] });
  });
});
