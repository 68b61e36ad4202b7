import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { TraoError, type RuleCode } from '../../../../libs/errors';
import { afterRowAction, drawForm, valuesOf, type Posted, type Values } from '../../../../libs/forms';
import { PageFor, READERS } from '../shell/page-access';
import { unitName } from '../shell/shell';
import { Parking } from '../sign-in/parking';
import { drawConflict } from './conflict-page';
import { DraftDesk, type OpenedDraft } from './draft-desk';
import { faultsOfPage, placedFaults } from './draft-faults';
import { extrasOf } from './page-extras';
import { baseOf, isConflict, withAnswers, withChosen } from './page-answers';
import { hrefOfPage, pagesOf, type DraftPage } from './plan';
import { progressAfter } from './progress';
import { switchLanguage } from './switch-language';

/** What is wrong with an answer itself. That one is missing is told when everything is checked. */
const WRONG = /^(wrong_|too_(long|small|big|many)|code_not_listed|not_the_value|entry_twice|in_future|before_start)/;
const isWrong = ({ code }: { readonly code: RuleCode }) => WRONG.test(code);

interface Shown {
  readonly values?: Values | undefined;
  /** All faults, also what is missing. */
  readonly all?: boolean;
  /** The values were typed and are not stored. */
  readonly unsaved?: boolean;
}

/** The pages on which a message is written: one thing each, saved as it is typed. */
@Controller('drafts/:id/:section/:page')
export class QuestionController {
  constructor(
    private readonly desk: DraftDesk,
    private readonly parking: Parking,
  ) {}

  @Get()
  @PageFor(READERS)
  async ask(
    @Param() { id, section, page: name }: { id: string; section: string; page: string },
    @Query('check') check: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const opened = await this.desk.openPage(request, response, id);
    if (!opened) return;
    const page = pageOf(opened, section, name);
    if (!opened.mayWrite) return response.redirect(303, `/drafts/${id}/check`);
    const parked = await this.parking.take(request, opened.officer);
    this.draw(request, response, opened, page, {
      values: parked,
      unsaved: parked !== undefined,
      all: check !== undefined,
    });
  }

  @Post()
  @PageFor(READERS)
  async save(
    @Param() { id, section, page: name }: { id: string; section: string; page: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const posted = (request.body ?? {}) as Posted;
    const { then } = posted;
    let conflict: OpenedDraft | undefined;
    let asked: readonly string[] = [];
    const opened = await this.desk.save(request, id, (now) => {
      const page = pageOf(now, section, name);
      asked = page.fields.map((field) => field.name);
      conflict = undefined;
      if (posted['resolve'] === 'yes') return withChosen(page, now.written, posted);
      if (!isConflict(page, now.written, posted)) return withAnswers(page, now.written, posted);
      conflict = now;
      return undefined;
    });
    // An answer may have taken the questions of its own page away, as the ground of a consent does.
    const page = findPage(opened, section, name);
    if (!page) return response.redirect(303, `/drafts/${id}`);
    if (conflict) return drawConflict(this.desk.shell, request, response, conflict, page, posted);
    if (switchLanguage(request, response, then)) return response.redirect(303, hrefOfPage(id, page));
    const rows = afterRowAction(page.fields, posted);
    if (rows) return this.draw(request, response, opened, page, { values: rows as Values });
    await this.desk.note(opened, progressAfter(opened, page, posted));
    if (then === 'return') return response.redirect(303, `/drafts/${id}`);
    if (faultsOfPage(page, opened, placedFaults(opened)).some(isWrong))
      return this.draw(request, response, opened, page, {});
    // An answer may also make its own page ask more, as the ground without consent asks for a legal basis.
    const more = page.fields.some((field) => !asked.includes(field.name));
    response.redirect(303, more ? hrefOfPage(id, page) : nextHref(opened, page));
  }

  /** The same without leaving the page. Nothing of the draft is touched where nothing was changed. */
  @Post('autosave')
  @HttpCode(200)
  @PageFor(READERS)
  async autosave(
    @Param() { id, section, page: name }: { id: string; section: string; page: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const posted = (request.body ?? {}) as Posted;
    let conflict = false;
    const opened = await this.desk.save(request, id, ({ written, ...now }) => {
      const page = pageOf(now, section, name);
      conflict = isConflict(page, written, posted);
      return conflict ? undefined : withAnswers(page, written, posted);
    });
    const page = findPage(opened, section, name);
    const { t } = opened;
    if (conflict) return void response.status(409).json({ line: t('drafts:autosave.conflict') });
    const time = this.desk.shell.time(new Date());
    response.json({ ...(page && { base: baseOf(page, opened.written) }), line: t('drafts:autosave.saved', { time }) });
  }

  private draw(
    request: Request,
    response: Response,
    opened: OpenedDraft,
    page: DraftPage,
    { values, all = false, unsaved = false }: Shown,
  ): void {
    const { draft, written, language, t, recipient } = opened;
    const faults = faultsOfPage(page, opened, placedFaults(opened)).filter((fault) => all || isWrong(fault));
    const form = drawForm(page.fields, values ?? valuesOf(page.fields, page.lens.get(written)), faults, language);
    const href = hrefOfPage(draft.id, page);
    this.desk.shell.show(request, response, 'drafts/question.njk', {
      title: page.title,
      section: opened.sections.find(({ id }) => id === page.section)?.title,
      back: `/drafts/${draft.id}`,
      questions: form,
      // The language switch sends this form first, so that nothing typed is lost.
      form: page.kind === 'signed_form' ? undefined : 'answers',
      errors:
        page.kind === 'signed_form' ? form.summary.map(({ text }) => ({ text, href: '#signed-form' })) : form.summary,
      href,
      // A ground that is chosen takes others away: it is saved when its author says so, not while they look around.
      autosave: page.kind === 'ground' || page.kind === 'signed_form' ? undefined : `${href}/autosave`,
      base: baseOf(page, written),
      unsaved,
      agreed: draft.approvals.length > 0 || draft.asked !== undefined,
      notKnown: notKnownOf(opened, page),
      to: unitName(recipient.unit, language),
      next: nextHref(opened, page),
      ...extrasOf(opened, page),
      time: t('drafts:autosave.note'),
    });
  }
}

function findPage({ sections }: Pick<OpenedDraft, 'sections'>, section: string, id: string): DraftPage | undefined {
  return pagesOf(sections).find((page) => page.section === section && page.id === id);
}

/** @throws TraoError `not_found` */
function pageOf(opened: Pick<OpenedDraft, 'sections'>, section: string, id: string): DraftPage {
  const page = findPage(opened, section, id);
  if (!page) throw new TraoError('not_found');
  return page;
}

/** The next page of the section; behind the last one the task list. */
function nextHref({ draft, sections }: OpenedDraft, page: DraftPage): string {
  const { pages = [] } = sections.find(({ id }) => id === page.section) ?? {};
  const next = pages[pages.findIndex(({ id }) => id === page.id) + 1];
  return next ? hrefOfPage(draft.id, next) : `/drafts/${draft.id}`;
}

const notKnownOf = ({ draft }: OpenedDraft, { fields, kind }: DraftPage) =>
  kind === 'questions' && {
    may: fields.every(({ obligation }) => obligation !== 'mandatory'),
    said: fields.every(({ path }) => draft.progress?.notKnown.includes(path)),
  };
