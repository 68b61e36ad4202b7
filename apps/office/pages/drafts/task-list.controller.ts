import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { discardDraft, holdDraft } from '../../../../libs/casework';
import { labelOf } from '../../../../libs/schema';
import { clockParts } from '../../../../libs/text';
import type { Client } from '../../clients';
import { CLIENTS } from '../../tokens';
import { officerName } from '../cases/case-frame';
import { holdsOne } from '../../../../libs/web';
import { PageFor, READERS } from '../shell/page-access';
import { unitName } from '../shell/shell';
import { DraftDesk, type OpenedDraft } from './draft-desk';
import { placedFaults } from './draft-faults';
import { hrefOfPage } from './plan';
import { statusOf } from './progress';

const SETS_HOLD = ['liaison_officer', 'caseworker', 'child_protection_officer', 'dpo'] as const;

/** The task list of a draft: what there is to answer, how far it is, until when it is kept. */
@Controller('drafts/:id')
export class TaskListController {
  constructor(
    private readonly desk: DraftDesk,
    @Inject(CLIENTS) private readonly clients: readonly Client[],
  ) {}

  @Get()
  @PageFor(READERS)
  async list(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.openPage(request, response, id);
    if (!opened) return;
    if (!opened.mayWrite) return response.redirect(303, `/drafts/${id}/check`);
    const { draft, t, language, sections, recipient, officer } = opened;
    const faults = placedFaults(opened);
    const lines = sections.map((section) => ({ section, status: statusOf(section, opened, faults) }));
    const grounded = lines.every(({ section, status }) => section.id !== 'consent' || status === 'completed');
    this.desk.shell.show(request, response, 'drafts/task-list.njk', {
      title: titleOf(opened),
      to: unitName(recipient.unit, language),
      sections: lines.map(({ section, status }) => ({
        id: section.id,
        title: section.title,
        href: hrefOfPage(id, section.pages[0]!),
        pages:
          section.pages.length > 1
            ? section.pages.map((page) => ({ title: page.title, href: hrefOfPage(id, page) }))
            : [],
        status,
      })),
      completed: lines.filter(({ status }) => status === 'completed').length,
      check: grounded ? `/drafts/${id}/check` : undefined,
      id,
      digest: draft.digest,
      by: draft.drafters.map((who) => officerName(this.clients, who)).join(', '),
      expires: clockParts(draft.expiresAt, this.desk.shell.timeZone, language).date,
      held: draft.hold !== undefined,
      maySet: holdsOne(officer, SETS_HOLD),
      mayLift: officer.roles.includes('dpo'),
      asked: draft.asked !== undefined,
      urgency:
        labelOf('priority', String(opened.written.document.header['priority']), language) ??
        t('office:priority.normal'),
    });
  }

  /** Names what is about to be deleted before it is. */
  @Get('delete')
  @PageFor(READERS)
  async askDelete(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.openPage(request, response, id);
    if (!opened) return;
    const { draft, t, language, recipient } = opened;
    this.desk.shell.show(request, response, 'drafts/delete.njk', {
      title: t('drafts:delete.title'),
      what: titleOf(opened),
      to: unitName(recipient.unit, language),
      id,
      digest: draft.digest,
      back: `/drafts/${id}`,
    });
  }

  @Post('delete')
  @PageFor(READERS)
  async discard(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { officer } = await this.desk.open(request, id);
    await discardDraft(officer, { unit: officer.unit, id, digest: digestIn(request) }, this.desk.ports);
    request.session.notice = 'drafts:delete.done';
    response.redirect(303, '/work?tab=drafts');
  }

  /** Why a draft is held is nobody's business but theirs. */
  @Post('hold')
  @PageFor(READERS)
  async hold(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { officer } = await this.desk.open(request, id);
    const { hold } = request.body as { readonly hold?: unknown };
    const held = hold === 'yes';
    await holdDraft(officer, { unit: officer.unit, id, digest: digestIn(request) }, held, this.desk.ports);
    request.session.notice = held ? 'drafts:hold.set_done' : 'drafts:hold.lifted';
    response.redirect(303, `/drafts/${id}`);
  }
}

/** "Referral: protection in the receiving country". */
export function titleOf({ type, purpose, language }: Pick<OpenedDraft, 'type' | 'purpose' | 'language'>): string {
  const what = labelOf('messageType', type, language) ?? type;
  return purpose === undefined ? what : `${what} – ${labelOf('purpose', purpose, language) ?? purpose}`;
}

/** The version that the officer saw. */
export function digestIn({ body }: Request): string {
  const { digest } = (body ?? {}) as { readonly digest?: unknown };
  return typeof digest === 'string' ? digest : '';
}
