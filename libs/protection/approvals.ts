import { faultAt, type Bilingual, type Fault, type RuleCode } from '../errors';
import type { CaseState, Side } from '../lifecycle';
import type { Message, MessageType, Role } from '../schema';
import { concernsChild } from './consent-child';
import { restsOnOverride } from './consent-override';

/** `approve` and `cosign` sign for the message, `override` decides to share without consent. */
type ApprovalKind = 'approve' | 'cosign' | 'override';

/** What one officer has said to one version of a message. */
export interface Approval {
  /** The officer, as the node names people. */
  readonly by: string;
  /** The role in which the officer acted. */
  readonly role: Role;
  readonly kind: ApprovalKind;
  /** Digest of the version that the officer saw. */
  readonly digest: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** One yes that a message needs, in one of these roles. */
export interface Need {
  readonly kind: ApprovalKind;
  readonly roles: readonly Role[];
  /** Whether an officer who drafted the message can say it. */
  readonly by: 'another_officer' | 'any_officer';
}

/** Roles that say yes to no message: they see metadata, the log or totals only (domain §2). */
const NEVER_APPROVE: readonly Role[] = ['operator', 'auditor', 'statistics_officer'];

const BY_LIAISON: Need = { kind: 'approve', roles: ['liaison_officer'], by: 'another_officer' };
const BY_CHILD_PROTECTION: Need = { kind: 'cosign', roles: ['child_protection_officer'], by: 'another_officer' };
/** An erasure is one person's task, and that person is the data protection officer. */
const BY_DPO: Need = { kind: 'approve', roles: ['dpo'], by: 'any_officer' };
const BY_DECISION: Need = {
  kind: 'override',
  roles: ['liaison_officer', 'dpo', 'child_protection_officer'],
  by: 'any_officer',
};

const WAITS_FOR_NOBODY: MessageType = 'consent_withdrawal';
const SIGNED: { readonly [type in MessageType]?: Need } = { referral: BY_LIAISON, erasure_confirm: BY_DPO };
const COSIGNED_FOR_CHILD: readonly MessageType[] = ['referral', 'accept', 'handover_plan', 'handover_accept'];

/**
 * Who must agree before a message may be sealed (domain §2, §3.2, §6). The role that a header names as approver must have
 * agreed, also where none is asked for; but a consent withdrawal waits for nobody.
 */
export function approvalsNeeded(message: Message, state: CaseState | undefined, side: Side): Need[] {
  const { messageType, approverRole, createdAt } = message.header;
  if (messageType === WAITS_FOR_NOBODY) return [];
  const signed = SIGNED[messageType];
  const child = COSIGNED_FOR_CHILD.includes(messageType) && concernsChild(message, state, new Date(createdAt));
  const signatures = [...(signed ? [signed] : []), ...(child ? [BY_CHILD_PROTECTION] : [])];
  const extra = approverRole !== undefined && !signed && canApprove(approverRole) && !names(signatures, approverRole);
  return [
    ...signatures,
    ...(extra ? [{ kind: 'approve', roles: [approverRole], by: 'another_officer' } as const] : []),
    ...(restsOnOverride(message, state, side) ? [BY_DECISION, BY_DECISION] : []),
  ];
}

const canApprove = (role: Role) => !NEVER_APPROVE.includes(role);
/** Whether one of the signatures is of that role. A decision on an override is no signature. */
const names = (needs: readonly Need[], role: Role) =>
  needs.some(({ kind, roles }) => kind !== 'override' && roles.includes(role));

/** Who may say which yes at all; which ones a message needs is another question. */
const MAY: { readonly [kind in ApprovalKind]: (role: Role) => boolean } = {
  approve: canApprove,
  cosign: (role) => BY_CHILD_PROTECTION.roles.includes(role),
  override: (role) => BY_DECISION.roles.includes(role),
};

/** Faults of a yes that counts for no message, so that it is refused when it is given. */
export function approvalKindFaults(
  { by, role, kind }: Pick<Approval, 'by' | 'role' | 'kind'>,
  drafters: readonly string[],
): Fault[] {
  const own = drafters.includes(by) && kind !== 'override' && !BY_DPO.roles.includes(role);
  return [...(MAY[kind](role) ? [] : [fault('wrong_approver_role')]), ...(own ? [fault('approver_is_drafter')] : [])];
}

interface Agreement {
  readonly message: Message;
  readonly needs: readonly Need[];
  readonly approvals: readonly Approval[];
  /** Every officer who wrote at the draft. */
  readonly drafters: readonly string[];
  /** Digest of the version that is to be sealed. */
  readonly digest: string;
}

/** Every yes that is missing, and a header that names an approver of the wrong role. Approvals of other versions are void. */
export function approvalFaults(agreement: Agreement): Fault[] {
  const { message, needs } = agreement;
  const { approverRole, messageType } = message.header;
  if (messageType === WAITS_FOR_NOBODY) return [];
  const met: Need[] = [];
  const faults: Fault[] = [];
  for (const need of needs) {
    if (canMeet([...met, need], agreement)) met.push(need);
    else faults.push(faultOf(need, agreement));
  }
  const misnamed = approverRole !== undefined && !names(needs, approverRole);
  return [...(misnamed ? [fault('wrong_approver_role')] : []), ...faults];
}

/** Whether the approvals meet all these needs, each by somebody else: who signs twice, or decides twice, counts once. */
function canMeet([need, ...others]: readonly Need[], agreement: Agreement, taken: readonly string[] = []): boolean {
  if (!need) return true;
  return agreement.approvals.some((approval) => {
    const voice = `${need.kind === 'override' ? 'decides' : 'signs'} ${approval.by}`;
    return meets(approval, need, agreement) && !taken.includes(voice) && canMeet(others, agreement, [...taken, voice]);
  });
}

function meets({ kind, role, by, digest }: Approval, need: Need, { drafters, ...sealed }: Agreement): boolean {
  return (
    kind === need.kind &&
    need.roles.includes(role) &&
    digest === sealed.digest &&
    (need.by === 'any_officer' || !drafters.includes(by))
  );
}

/** Why a need is not met, from the approval that comes nearest. */
function faultOf(need: Need, agreement: Agreement): Fault {
  const useless = agreement.approvals.filter(
    (approval) => approval.kind === need.kind && !agreement.needs.some((other) => meets(approval, other, agreement)),
  );
  const inRole = useless.filter(({ role }) => need.roles.includes(role));
  if (inRole.some(({ digest }) => digest === agreement.digest)) return fault('approver_is_drafter');
  if (inRole.length > 0) return fault('approval_of_other_version');
  if (useless.length > 0) return fault('wrong_approver_role');
  const roles = { en: need.roles.join(' or '), vi: need.roles.join(' hoặc ') };
  return fault(need.kind === 'cosign' ? 'cosigner_missing' : 'approval_missing', roles);
}

function fault(code: RuleCode, ...values: Bilingual[]): Fault {
  return faultAt('/header/approverRole', code, ...values);
}
