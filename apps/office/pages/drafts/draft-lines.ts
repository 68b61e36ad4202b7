import type { Actor, listDrafts } from '../../../../libs/casework';
import type { Language, Translate } from '../../../../libs/pages';
import { labelOf } from '../../../../libs/schema';
import { dueText } from '../../../../libs/text';
import { unitName } from '../shell/shell';

type Listed = Awaited<ReturnType<typeof listDrafts>>[number];

export interface DraftLine {
  readonly href: string;
  readonly what: string;
  readonly to: string;
  readonly by: string;
  readonly expires: string;
  readonly status: string;
  /** True when it waits for this officer's agreement. */
  readonly forMe: boolean;
}

/** Who is asked to agree: to most messages a second officer or child protection; that everything is erased, data protection confirms. */
const approversOf = (type: unknown) =>
  type === 'erasure_confirm' ? ['dpo'] : ['liaison_officer', 'child_protection_officer'];

interface LineSettings {
  readonly t: Translate;
  readonly language: Language;
  readonly timeZone: string;
  /** How people call an officer. */
  readonly nameOf: (officer: string) => string;
}

/** Drafts as rows of a list. */
export function draftLines(
  drafts: readonly Listed[],
  officer: Actor,
  { t, language, timeZone, nameOf }: LineSettings,
): DraftLine[] {
  const now = new Date();
  return drafts.map((draft) => {
    const expires = dueText(draft.expiresAt, now, timeZone, language).text;
    if (draft.unreadable) {
      return {
        href: '',
        what: t('office:draft.unreadable'),
        to: '',
        by: '',
        expires,
        status: t('office:draft.unreadable'),
        forMe: false,
      };
    }
    const { messageType, purpose, recipientUnit, drafters, approvals, asked } = draft;
    const agreed = approvals.some(({ by }) => by === officer.id);
    const mine = drafters.includes(officer.id);
    const forMe = asked && !mine && !agreed && officer.roles.some((role) => approversOf(messageType).includes(role));
    return {
      href: asked ? `/drafts/${draft.id}/check` : `/drafts/${draft.id}`,
      what: [labelOf('messageType', String(messageType), language), labelOf('purpose', String(purpose), language)]
        .filter(Boolean)
        .join(' – '),
      to: typeof recipientUnit === 'string' ? unitName(recipientUnit, language) : '',
      by: drafters.map(nameOf).join(', '),
      expires,
      status: t(`office:draft.${statusOf(draft)}`),
      forMe,
    };
  });
}

function statusOf({
  held,
  asked,
  approvals,
}: {
  readonly held: boolean;
  readonly asked: boolean;
  readonly approvals: readonly unknown[];
}): string {
  if (held) return 'held';
  if (approvals.length > 0) return 'approved';
  return asked ? 'asked' : 'writing';
}
