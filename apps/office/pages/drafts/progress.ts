import type { DraftProgress } from '../../../../libs/casework';
import { hasAnswer, type Posted } from '../../../../libs/forms';
import type { OpenedDraft } from './draft-desk';
import type { PlacedFault } from './draft-faults';
import type { DraftPage, DraftSection } from './plan';

/** How far the writers have come when a page was saved: behind the last page of a section, it is done. */
export function progressAfter(
  { draft, sections }: OpenedDraft,
  page: DraftPage,
  { then, notKnown: said }: Posted,
): DraftProgress {
  const { done = [], notKnown = [] } = draft.progress ?? {};
  const paths = page.fields.map(({ path }) => path);
  const others = notKnown.filter((path) => !paths.includes(path));
  const section = sections.find(({ id }) => id === page.section);
  const last = section?.pages.at(-1)?.id === page.id && then !== 'return';
  return {
    done: last && !done.includes(page.section) ? [...done, page.section] : done,
    notKnown: said === 'yes' ? [...others, ...paths] : others,
  };
}

export type SectionStatus = 'not_started' | 'in_progress' | 'completed';

/** A section is completed when its writers came to its end, or have answered in it, and nothing in it is missing or wrong. */
export function statusOf(
  section: DraftSection,
  { draft, written }: OpenedDraft,
  faults: readonly PlacedFault[],
): SectionStatus {
  const answered = section.pages.some((page) =>
    page.kind === 'files' ? hasFiles(draft) : hasAny(page, page.lens.get(written)),
  );
  const done = draft.progress?.done.includes(section.id) ?? false;
  const faulty = faults.some(({ page }) => page?.section === section.id);
  if (!answered && !done) return 'not_started';
  return faulty ? 'in_progress' : 'completed';
}

/** Files stand beside the document. */
const hasFiles = ({ files = [] }: OpenedDraft['draft']) => files.length > 0;

const hasAny = ({ fields }: DraftPage, value: unknown): boolean => fields.some(({ path }) => hasAnswer(value, path));
