import { fieldRules } from '../../../../libs/schema';
import type { OpenedDraft } from './draft-desk';
import { pagesOf, type DraftPage } from './plan';
import { byScope, withheldFields, type WithheldField } from './withheld';

/** What a page shows besides its questions. */
export interface Extras {
  /** Parts of the referral that the person has not agreed to, by the yes that is missing. */
  readonly withheld?: ReturnType<typeof byScope>;
  /** Where the signed form of the consent is handed in, and its digest when it was. */
  readonly signedForm?: { readonly href: string; readonly digest: unknown };
  /** What the case knows and nobody is asked. */
  readonly inset?: readonly string[];
  /** Another message that may be meant. */
  readonly instead?: { readonly href: string; readonly text: string };
}

export function extrasOf(opened: OpenedDraft, page: DraftPage): Extras {
  const { draft, written, type, t } = opened;
  if (page.kind === 'scopes') return { withheld: byScope(withheldFrom(opened)) };
  if (page.kind === 'signed_form') {
    return { signedForm: { href: `/drafts/${draft.id}/signed-form`, digest: written.record?.['formSha256'] } };
  }
  const { referralId } = written.document.header;
  if (page.section !== 'answer') return {};
  if (type === 'decline') {
    return { instead: { href: `/cases/${String(referralId)}/reply/redirect`, text: t('drafts:reply.redirect') } };
  }
  const { version } = (written.document['handoverAccept'] ?? written.document['handoverPlan'] ?? {}) as {
    readonly version?: unknown;
  };
  if (version === undefined) return {};
  return { inset: [t(type === 'handover_accept' ? 'drafts:reply.plan' : 'drafts:reply.version', { version })] };
}

/** What the recipient of a referral does not get. Without a yes that is asked for, as with every other ground, nothing is withheld. */
export function withheldFrom({ written, sections, type, language }: OpenedDraft): WithheldField[] {
  if (type !== 'referral') return [];
  const asked = pagesOf(sections).flatMap(({ fields }) => fields.map(({ path }) => path));
  return withheldFields(written, fieldRules(), asked, language);
}
