import type { Need } from '../../../../libs/protection';
import type { Role } from '../../../../libs/schema';
import type { Officer } from '../../clients';
import type { OpenedDraft } from './draft-desk';
import { isWhole } from './draft-faults';

type Kind = Need['kind'];
type Agreed = Pick<OpenedDraft, 'officer' | 'draft'>;

/** One yes that a draft needs, and who has given it. */
export interface NeedLine {
  readonly kind: Kind;
  readonly roles: readonly Role[];
  /** Who has agreed to this version; undefined while nobody has. */
  readonly by?: string | undefined;
  /** The role in which the officer at the page could agree; undefined where they could not. */
  readonly as?: Role | undefined;
}

/** Who must agree before a draft may be sent, in the order of the rules; each officer counts once for each kind. */
export function needLines({ draft, officer }: Agreed): NeedLine[] {
  const valid = draft.approvals.filter(({ digest }) => digest === draft.digest);
  const taken = new Set<string>();
  return draft.needs.map((need) => {
    const given = valid.find((one) => {
      const counts = one.kind === need.kind && need.roles.includes(one.role) && !taken.has(`${one.kind} ${one.by}`);
      return counts && (need.by === 'any_officer' || !draft.drafters.includes(one.by));
    });
    if (given) taken.add(`${given.kind} ${given.by}`);
    return {
      kind: need.kind,
      roles: need.roles,
      by: given?.by,
      as: given ? undefined : roleFor(need, officer, draft, valid),
    };
  });
}

function roleFor(
  { kind, roles, by }: Need,
  officer: Officer,
  { drafters }: Agreed['draft'],
  valid: Agreed['draft']['approvals'],
): Role | undefined {
  if (by === 'another_officer' && drafters.includes(officer.id)) return undefined;
  // Who has said it once cannot say it a second time.
  if (valid.some((one) => one.kind === kind && one.by === officer.id)) return undefined;
  return roles.find((role) => officer.roles.includes(role));
}

/** What can be done with a draft now. */
export interface NextSteps {
  readonly needs: readonly NeedLine[];
  /** Somebody can be asked for the agreement that is missing. */
  readonly mayAsk: boolean;
  /** The officer at the page can agree. */
  readonly mayAgree: boolean;
  readonly maySend: boolean;
  /** Everybody has agreed, and somebody else has to send it. */
  readonly waitsForSender: boolean;
}

export function nextSteps(opened: OpenedDraft): NextSteps {
  const { draft, type, officer, mayWrite } = opened;
  const needs = needLines(opened);
  const whole = isWhole(draft) && draft.findings.every(({ pointer }) => isDecided(opened, pointer));
  const missing = needs.some(({ by }) => by === undefined);
  const ready = draft.faults.length === 0;
  const sender = sends(type, officer, needs, mayWrite);
  return {
    needs,
    mayAsk: whole && missing && mayWrite && draft.asked === undefined,
    mayAgree: whole && needs.some(({ as }) => as !== undefined),
    maySend: ready && sender,
    waitsForSender: ready && !sender,
  };
}

/** A referral is sent by a liaison officer; every other message by its writer or by who agreed to it (domain §2). */
function sends(type: string, { roles, id }: Officer, needs: readonly NeedLine[], mayWrite: boolean): boolean {
  if (type === 'referral') return roles.includes('liaison_officer');
  return mayWrite || needs.some(({ by }) => by === id);
}

/** True when somebody has decided to keep a text in which the scan found something. */
export function isDecided({ draft }: Pick<OpenedDraft, 'draft'>, pointer: string): boolean {
  return !draft.faults.some((fault) => fault.code === 'narrative_undecided' && fault.pointer === pointer);
}
