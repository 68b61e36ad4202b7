import fc from 'fast-check';
import { approvalFaults, approvalKindFaults, approvalsNeeded, type Approval, type Need } from '.';
import { codeList, type Message, type Role } from '../schema';
import { example, EXAMPLES, REFERRALS, referralExample, threadOf } from './fixtures/examples';

const DIGEST = 'this-version';
const DRAFTER = 'drafter';
const CHILD = 'referral-return-child';
const ROLES = codeList('role')!.entries.map(({ code }) => code as Role);

const yes = (by: string, role: Role, kind: Approval['kind'] = 'approve', digest = DIGEST): Approval => ({
  by,
  role,
  kind,
  digest,
  at: '2026-11-20T00:00:00Z',
});
const liaison = yes('lia', 'liaison_officer');
const cpo = yes('cora', 'child_protection_officer', 'cosign');

function needsOf(message: Message): Need[] {
  const thread = threadOf(message);
  return approvalsNeeded(message, thread?.state, thread?.side ?? 'sender');
}

const short = (needs: readonly Need[]) => needs.map(({ kind, roles, by }) => `${kind} ${roles.join('|')} ${by}`);
const LIAISON = 'approve liaison_officer another_officer';
const CPO = 'cosign child_protection_officer another_officer';
const DECISION = 'override liaison_officer|dpo|child_protection_officer any_officer';

describe('who must agree', () => {
  it.each<[string, string[]]>([
    ['referral-protect-adult', [LIAISON]],
    [CHILD, [LIAISON, CPO]],
    ['referral-alert-anonymous-child', [LIAISON, CPO]],
    ['referral-alert-imminent-movement', [LIAISON, DECISION, DECISION]],
    ['referral-protect-child-cannabis', [LIAISON, CPO, DECISION, DECISION]],
    ['accept-protect-adult', []],
    ['accept-return-child', [CPO]],
    ['handover-plan-return-child', [CPO]],
    ['handover-plan-return-land', []],
    ['handover-accept-return-child', [CPO]],
    ['ack-return-child', []],
    ['handover-plan-return-adult', ['approve liaison_officer another_officer']],
    ['alert-protect-child-missing', ['approve child_protection_officer another_officer']],
    ['update-alert-imminent-movement-location', ['approve liaison_officer another_officer', DECISION, DECISION]],
    ['update-alert-imminent-movement-in-progress', []],
    ['erasure-confirm-trace-child-sender', ['approve dpo any_officer']],
    ['consent-withdrawal-protect-adult', []],
    ['consent-withdrawal-trace-child-guardian', []],
    ['ping-vn-to-gb', []],
  ])('%s', (name, expected) => {
    expect(short(needsOf(example(name)))).toEqual(expected);
  });

  it('is whoever the header names, but nobody without content', () => {
    const ack = example('ack-protect-adult');
    for (const role of ROLES) {
      const never = ['operator', 'auditor', 'statistics_officer'].includes(role);
      const message = { ...ack, header: { ...ack.header, approverRole: role } } as Message;
      const needs = needsOf(message);
      expect(short(needs)).toEqual(never ? [] : [`approve ${role} another_officer`]);
      const approvals = [yes('somebody', role)];
      const codes = approvalFaults({ message, needs, approvals, drafters: [DRAFTER], digest: DIGEST });
      expect(codes.map(({ code }) => code)).toEqual(never ? ['wrong_approver_role'] : []);
    }
  });
});

/** Faults of approvals for an example whose header names `approverRole`. */
function faultsOf(name: string, approvals: Approval[], approverRole?: Role): string[] {
  const message = example(name);
  const { header } = message;
  const named = { ...message, header: { ...header, ...(approverRole && { approverRole }) } } as Message;
  const agreement = { message: named, needs: needsOf(named), approvals, drafters: [DRAFTER, 'helper'], digest: DIGEST };
  const faults = approvalFaults(agreement);
  expect(faults.every(({ pointer }) => pointer === '/header/approverRole')).toBe(true);
  return faults.map(({ code }) => code);
}

describe('a referral', () => {
  const ADULT = 'referral-protect-adult';

  it.each<[string, Approval[], string[]]>([
    ['a liaison officer', [liaison], []],
    ['nobody', [], ['approval_missing']],
    ['the drafter', [yes(DRAFTER, 'liaison_officer')], ['approver_is_drafter']],
    ['who helped to draft', [yes('helper', 'liaison_officer')], ['approver_is_drafter']],
    ['somebody of another role', [yes('cora', 'child_protection_officer')], ['wrong_approver_role']],
    ['an operator', [yes('ole', 'operator')], ['wrong_approver_role']],
    ['somebody who saw another version', [{ ...liaison, digest: 'old' }], ['approval_of_other_version']],
    [
      'the drafter of another version',
      [yes(DRAFTER, 'liaison_officer', 'approve', 'old')],
      ['approval_of_other_version'],
    ],
    ['somebody who only co-signs', [{ ...liaison, kind: 'cosign' }], ['approval_missing']],
    ['an old version and this one', [{ ...liaison, digest: 'old' }, liaison], []],
    ['the drafter and another', [yes(DRAFTER, 'liaison_officer'), liaison], []],
  ])('is approved by %s', (_who, approvals, expected) => {
    expect(faultsOf(ADULT, approvals)).toEqual(expected);
  });

  it('names the role that approved it', () => {
    expect(faultsOf(ADULT, [liaison], 'dpo')).toEqual(['wrong_approver_role']);
    expect(faultsOf(ADULT, [liaison], 'child_protection_officer')).toEqual(['wrong_approver_role']);
    expect(faultsOf(CHILD, [liaison, cpo], 'child_protection_officer')).toEqual([]);
    expect(faultsOf(CHILD, [liaison, cpo], 'liaison_officer')).toEqual([]);
    expect(faultsOf(CHILD, [liaison, cpo], 'dpo')).toEqual(['wrong_approver_role']);
  });

  it('says which role is missing', () => {
    const message = example(CHILD);
    const nobody = { message, needs: needsOf(message), approvals: [], drafters: [], digest: DIGEST };
    expect(approvalFaults(nobody).map(({ rule }) => rule)).toEqual([
      'needs the approval of an officer in the role liaison_officer',
      'needs the signature of a second officer in the role child_protection_officer',
    ]);
    const [decision] = approvalFaults({
      ...nobody,
      needs: needsOf(example('referral-alert-imminent-movement')).slice(1),
    }).filter(({ code }) => code === 'approval_missing');
    expect(decision?.rule).toContain('liaison_officer or dpo or child_protection_officer');
    expect(decision?.ruleVi).toContain('liaison_officer hoặc dpo hoặc child_protection_officer');
  });
});

describe('the referral of a child', () => {
  it.each<[string, Approval[], string[]]>([
    ['both', [liaison, cpo], []],
    ['both, in any order', [cpo, liaison], []],
    ['nobody of child protection', [liaison], ['cosigner_missing']],
    ['child protection alone', [cpo], ['approval_missing']],
    ['one person in both roles', [liaison, { ...cpo, by: liaison.by }], ['cosigner_missing']],
    ['one person in both roles and a second one', [liaison, { ...cpo, by: liaison.by }, cpo], []],
    ['two people of whom one can do both', [{ ...liaison, by: 'cora' }, liaison, cpo], []],
    ['the drafter as co-signer', [liaison, { ...cpo, by: DRAFTER }], ['approver_is_drafter']],
    ['a co-signer of another version', [liaison, { ...cpo, digest: 'old' }], ['approval_of_other_version']],
    ['two liaison officers', [liaison, yes('leo', 'liaison_officer', 'cosign')], ['wrong_approver_role']],
  ])('is signed by %s', (_who, approvals, expected) => {
    expect(faultsOf(CHILD, approvals)).toEqual(expected);
  });

  it('is never cleared without child protection, whoever else agrees', () => {
    const approval = fc.record({
      by: fc.constantFrom('a', 'b', 'c', DRAFTER),
      role: fc.constantFrom(...ROLES.filter((role) => role !== 'child_protection_officer')),
      kind: fc.constantFrom('approve' as const, 'cosign' as const, 'override' as const),
      digest: fc.constantFrom(DIGEST, 'old'),
      at: fc.constant('2026-11-20T00:00:00Z'),
    });
    const children = [...EXAMPLES.keys()].filter((name) => {
      const needs = needsOf(example(name));
      return needs.some(({ kind }) => kind === 'cosign');
    });
    expect(children.length).toBeGreaterThan(8);
    fc.assert(
      fc.property(fc.constantFrom(...children), fc.array(approval, { maxLength: 8 }), (name, approvals) => {
        expect(faultsOf(name, approvals)).not.toEqual([]);
      }),
    );
  });
});

describe('sharing without consent', () => {
  const ALERT = 'referral-alert-imminent-movement';
  const decides = (by: string, role: Role) => yes(by, role, 'override');

  it.each<[string, Approval[], string[]]>([
    ['two', [decides('lia', 'liaison_officer'), decides('dan', 'dpo')], []],
    [
      'two, one of them the drafter',
      [decides(DRAFTER, 'liaison_officer'), decides('cora', 'child_protection_officer')],
      [],
    ],
    ['one', [decides('lia', 'liaison_officer')], ['approval_missing']],
    ['one twice', [decides('lia', 'liaison_officer'), decides('lia', 'dpo')], ['approval_missing']],
    ['one and a caseworker', [decides('dan', 'dpo'), decides('kim', 'caseworker')], ['wrong_approver_role']],
    ['nobody', [], ['approval_missing', 'approval_missing']],
    [
      'one of this version',
      [decides('dan', 'dpo'), { ...decides('lia', 'liaison_officer'), digest: 'old' }],
      ['approval_of_other_version'],
    ],
  ])('is decided by %s', (_who, approvals, expected) => {
    expect(faultsOf(ALERT, [liaison, ...approvals])).toEqual(expected);
  });
});

describe('single acts', () => {
  it('are the erasure, which only data protection confirms, if need be alone', () => {
    const name = 'erasure-confirm-trace-child-sender';
    expect(faultsOf(name, [yes(DRAFTER, 'dpo')])).toEqual([]);
    expect(faultsOf(name, [yes('lia', 'liaison_officer')])).toEqual(['wrong_approver_role']);
    expect(faultsOf(name, [])).toEqual(['approval_missing']);
    expect(faultsOf(name, [yes('dan', 'dpo')], 'dpo')).toEqual([]);
    expect(faultsOf(name, [yes('dan', 'dpo')], 'liaison_officer')).toEqual(['wrong_approver_role']);
  });

  it('are the withdrawal of consent, which waits for nobody', () => {
    expect(faultsOf('consent-withdrawal-protect-adult', [])).toEqual([]);
    expect(faultsOf('consent-withdrawal-trace-child-guardian', [])).toEqual([]);
  });
});

describe('one yes', () => {
  it.each<[string, Role, Approval['kind'], string[]]>([
    ['lia', 'liaison_officer', 'approve', []],
    ['ole', 'operator', 'approve', ['wrong_approver_role']],
    ['ann', 'auditor', 'approve', ['wrong_approver_role']],
    ['sam', 'statistics_officer', 'override', ['wrong_approver_role']],
    ['kim', 'caseworker', 'override', ['wrong_approver_role']],
    ['dan', 'dpo', 'override', []],
    ['lia', 'liaison_officer', 'cosign', ['wrong_approver_role']],
    ['cora', 'child_protection_officer', 'cosign', []],
    [DRAFTER, 'liaison_officer', 'approve', ['approver_is_drafter']],
    [DRAFTER, 'child_protection_officer', 'cosign', ['approver_is_drafter']],
    [DRAFTER, 'liaison_officer', 'override', []],
    [DRAFTER, 'dpo', 'approve', []],
    [DRAFTER, 'operator', 'approve', ['wrong_approver_role', 'approver_is_drafter']],
  ])('of %s as %s to %s', (by, role, kind, expected) => {
    expect(approvalKindFaults({ by, role, kind }, ['helper', DRAFTER]).map(({ code }) => code)).toEqual(expected);
  });
});

describe('the published referrals', () => {
  it.each(REFERRALS)('%s name a role that can approve them', (name) => {
    const message = referralExample(name.replace('referral-', ''));
    const needs = needsOf(message);
    const people = needs.map(({ kind, roles }, i) => yes(`officer-${i}`, roles[0]!, kind));
    expect(approvalFaults({ message, needs, approvals: people, drafters: [DRAFTER], digest: DIGEST })).toEqual([]);
  });
});
