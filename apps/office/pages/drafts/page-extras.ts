import { fieldRules } from '../../../../libs/schema';
import type { OpenedDraft } from './draft-desk';
import { consentScopes, type WithheldField } from './withheld';
import type { DraftPage } from './plan';

/** What a page shows besides its questions. */
export interface Extras {
  /** Parts of the referral that the person has not agreed to. */
  readonly withheld?: readonly WithheldField[];
  /** Where the signed form of the consent is handed in, and its digest when it was. */
  readonly signedForm?: { readonly href: string; readonly digest: unknown };
}

export function extrasOf(opened: OpenedDraft, page: DraftPage): Extras {
  const { draft, written, purpose, language } = opened;
  if (page.kind === 'scopes' && purpose) {
    return { withheld: consentScopes(written, fieldRules(), purpose, language).filter(({ agreed }) => !agreed) };
  }
  if (page.kind === 'signed_form') {
    return { signedForm: { href: `/drafts/${draft.id}/signed-form`, digest: written.record?.['formSha256'] } };
  }
  return {};
}
