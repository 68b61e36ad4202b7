import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { labelOf, type Message } from '../../../../libs/schema';
import { messageParts } from '../cases/message-view';
import { PageFor, READERS } from '../shell/page-access';
import { unitName } from '../shell/shell';
import { DraftDesk } from './draft-desk';
import { isWhole } from './draft-faults';
import { fileLines } from './draft-reading';
import { titleOf } from './task-list.controller';
import { withheldFrom } from './page-extras';

/** What the recipient will read, and what they will not. */
@Controller('drafts/:id/preview')
export class PreviewController {
  constructor(private readonly desk: DraftDesk) {}

  @Get()
  @PageFor(READERS)
  async preview(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.openPage(request, response, id);
    if (!opened) return;
    const { draft, written, t, language, recipient, officer } = opened;
    const label = (list: string, code: string) => labelOf(list, code, language) ?? code;
    const { priority, authorRole } = written.document.header;
    this.desk.shell.show(request, response, 'drafts/preview.njk', {
      title: t('drafts:preview.title'),
      caption: titleOf(opened),
      back: `/drafts/${id}${opened.mayWrite ? '' : '/check'}`,
      to: unitName(recipient.unit, language),
      from: unitName(officer.unit, language),
      priority: label('priority', String(priority)),
      author: label('role', String(authorRole)),
      // The document as it is now: what no schema would take is in it too, and the page says that it cannot be sent like this.
      sections: messageParts(written.document as unknown as Message, this.desk.shell, request),
      files: fileLines(opened, label),
      withheld: withheldFrom(opened),
      whole: isWhole(draft),
      id,
    });
  }
}
