import type { Role } from '../../../../libs/schema';
import type { Officer } from '../../clients';
import { needLines, nextSteps } from './agreement';
import type { OpenedDraft } from './draft-desk';

const APPROVE = { kind: 'approve', roles: ['liaison_officer'], by: 'another_officer' } as const;
const DECIDE = { kind: 'override', roles: ['liaison_officer', 'dpo'], by: 'any_officer' } as const;
const MISSING = { pointer: '/header/approverRole', code: 'approval_missing', rule: '', ruleVi: '' } as const;
const WRONG = { pointer: '/person', code: 'required', rule: '', ruleVi: '' } as const;

const officer = (id: string, ...roles: Role[]): Officer => ({ id, unit: 'vn.mps-criminal', role: 'unit', roles });
const approval = (by: string, kind: 'approve' | 'override' = 'approve', digest = 'd1') => ({
  by,
  role: 'liaison_officer' as const,
  kind,
  digest,
  at: '2026-11-20T10:00:00Z',
});

function opened(who: Officer, draft: object, type = 'referral', mayWrite = false): OpenedDraft {
  const base = { digest: 'd1', drafters: ['author'], needs: [APPROVE], approvals: [], faults: [MISSING], findings: [] };
  return { officer: who, draft: { ...base, ...draft }, type, mayWrite } as unknown as OpenedDraft;
}

const LIAISON = officer('liaison', 'liaison_officer');
const AUTHOR = officer('author', 'case_officer', 'liaison_officer');

describe('who has to agree', () => {
  it('is offered to a colleague with the role, never to who wrote it', () => {
    expect(needLines(opened(LIAISON, {}))).toEqual([
      { kind: 'approve', roles: ['liaison_officer'], by: undefined, as: 'liaison_officer' },
    ]);
    expect(needLines(opened(AUTHOR, {}))[0]?.as).toBeUndefined();
    expect(needLines(opened(officer('other', 'caseworker'), {}))[0]?.as).toBeUndefined();
  });

  it('counts an agreement with this version only, and nobody twice', () => {
    expect(needLines(opened(LIAISON, { approvals: [approval('x', 'approve', 'd0')] }))[0]?.by).toBeUndefined();
    expect(needLines(opened(LIAISON, { approvals: [approval('x')] }))[0]?.by).toBe('x');
    const twice = opened(LIAISON, { needs: [DECIDE, DECIDE], approvals: [approval('liaison', 'override')] });
    expect(needLines(twice).map(({ by, as }) => [by, as])).toEqual([
      ['liaison', undefined],
      [undefined, undefined],
    ]);
  });

  it('counts no agreement of somebody who wrote it', () => {
    expect(needLines(opened(LIAISON, { approvals: [approval('author')] }))[0]?.by).toBeUndefined();
  });
});

describe('what can be done with a draft', () => {
  it('is to ask for agreement once it is whole, and once only', () => {
    expect(nextSteps(opened(AUTHOR, {}, 'referral', true)).mayAsk).toBe(true);
    expect(nextSteps(opened(AUTHOR, { asked: { by: 'author', at: '' } }, 'referral', true)).mayAsk).toBe(false);
    expect(nextSteps(opened(AUTHOR, { faults: [MISSING, WRONG] }, 'referral', true)).mayAsk).toBe(false);
    expect(nextSteps(opened(LIAISON, {})).mayAsk).toBe(false);
  });

  it('is to agree to what is whole', () => {
    expect(nextSteps(opened(LIAISON, {})).mayAgree).toBe(true);
    expect(nextSteps(opened(LIAISON, { faults: [WRONG] })).mayAgree).toBe(false);
  });

  it('is to decide on texts first', () => {
    const undecided = { pointer: '/update/note', code: 'narrative_undecided', rule: '', ruleVi: '' };
    const findings = [{ pointer: '/update/note', findings: [] }];
    const steps = nextSteps(opened(LIAISON, { faults: [MISSING, undecided], findings }));
    expect([steps.mayAsk, steps.mayAgree, steps.maySend]).toEqual([false, false, false]);
    expect(nextSteps(opened(LIAISON, { findings })).mayAgree).toBe(true);
  });

  it('is to send a referral as a liaison officer, everything else as its writer or who agreed', () => {
    const ready = { faults: [], approvals: [approval('liaison')] };
    expect(nextSteps(opened(LIAISON, ready)).maySend).toBe(true);
    const caseOfficer = officer('author', 'case_officer');
    expect(nextSteps(opened(caseOfficer, ready, 'referral', true))).toMatchObject({
      maySend: false,
      waitsForSender: true,
    });
    expect(nextSteps(opened(caseOfficer, { faults: [], needs: [] }, 'ack', true)).maySend).toBe(true);
    expect(nextSteps(opened(LIAISON, ready, 'accept')).maySend).toBe(true);
    expect(nextSteps(opened(officer('third', 'caseworker'), ready, 'accept')).maySend).toBe(false);
    expect(nextSteps(opened(LIAISON, { faults: [WRONG] })).maySend).toBe(false);
  });
});
