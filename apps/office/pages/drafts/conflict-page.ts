import type { Request, Response } from 'express';
import { shownAnswers, type Posted } from '../../../../libs/forms';
import { unitName, type Shell } from '../shell/shell';
import type { OpenedDraft } from './draft-desk';
import { baseOf, carried, withAnswers } from './page-answers';
import { hrefOfPage, type DraftPage } from './plan';

/** Both answers of every question that two people have answered differently; nothing is overwritten before somebody has chosen. */
export function drawConflict(
  shell: Shell,
  request: Request,
  response: Response,
  { draft, written, language, t }: OpenedDraft,
  page: DraftPage,
  posted: Posted,
): void {
  const reading = { language, unit: (id: string) => unitName(id, language) };
  const stored = page.lens.get(written);
  const typed = page.lens.get(withAnswers(page, written, posted));
  const rows = page.fields
    .map((field) => ({
      id: field.id,
      label: field.label,
      stored: shownAnswers([field], stored, reading),
      typed: shownAnswers([field], typed, reading),
    }))
    .filter((row) => JSON.stringify(row.stored) !== JSON.stringify(row.typed));
  const model = {
    title: t('drafts:conflict.title'),
    what: page.title,
    href: hrefOfPage(draft.id, page),
    back: `/drafts/${draft.id}`,
    rows,
    hidden: carried(page, posted),
    base: baseOf(page, written),
  };
  shell.show(request, response, 'drafts/conflict.njk', model, 409);
}
