import type { Field, Leaf, Option } from '../../../../libs/forms';
import type { Lens } from './lens';

/** A page of questions of a draft. */
export interface DraftPage {
  readonly section: string;
  readonly id: string;
  readonly title: string;
  /** What it asks, given the answers so far. */
  readonly fields: readonly Field[];
  readonly lens: Lens;
  /** Where the faults of its answers stand: in front of their pointers, and of those of its fields nothing. */
  readonly at: '' | '/consentRecord' | '/overrideRecord';
  /** Pages that are more than a form. */
  readonly kind: 'questions' | 'ground' | 'scopes' | 'signed_form' | 'files';
}

export interface DraftSection {
  readonly id: string;
  readonly title: string;
  readonly pages: readonly DraftPage[];
}

export const hrefOfPage = (draftId: string, { section, id }: Pick<DraftPage, 'section' | 'id'>) =>
  `/drafts/${draftId}/${section}/${id}`;

/** The pages of a draft in the order in which they are answered. */
export const pagesOf = (sections: readonly DraftSection[]): DraftPage[] => sections.flatMap(({ pages }) => [...pages]);

type Choice = Pick<Leaf, 'path' | 'label' | 'asked'> &
  Partial<Pick<Leaf, 'hint' | 'kind' | 'none'>> & { readonly options: readonly Option[] };

/** A question of which no schema knows, because its answer is turned into members of several. */
export function choiceField({ path, ...choice }: Choice): Leaf {
  return {
    kind: 'choice',
    key: path,
    path,
    pointer: `/${path}`,
    name: path,
    id: path,
    obligation: 'mandatory',
    needed: true,
    autocomplete: 'off',
    spellcheck: false,
    ...choice,
  };
}
