import { Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { assignCase } from '../../../../libs/caseload';
import { holdCase, type NotesPorts } from '../../../../libs/casework';
import { saveSession } from '../../../../libs/sign-in';
import { NOTES_PORTS } from '../../tokens';
import { localPath } from '../../../../libs/web';
import { PageFor, READERS, visitorOf } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { askReason } from './ask-reason';
import { hrefOf } from './case-frame';
import { asReason, CaseRoom } from './case-room';

const MAX_REASON = 500;

/** What an officer does with a case without writing to anybody. */
@Controller('cases/:id')
export class CaseActsController {
  constructor(
    private readonly shell: Shell,
    private readonly room: CaseRoom,
    @Inject(NOTES_PORTS) private readonly notes: NotesPorts,
  ) {}

  /** Why an officer opens the case of a colleague. */
  @Post('reason')
  @PageFor(READERS)
  async reason(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { code, text, back } = request.body as Record<string, unknown>;
    const reason = asReason(code);
    const words = typeof text === 'string' ? text.normalize('NFC').trim().slice(0, MAX_REASON) : '';
    if (!reason || (reason === 'other' && words === '')) {
      await this.room.assertThere(request, id);
      return askReason(this.shell, id, request, response, {
        back: localPath(back),
        wrong: reason ? 'text' : 'code',
        code: reason,
        text: words,
      });
    }
    await this.room.enterWith(request, id, { code: reason, ...(words !== '' && { text: words }) });
    await saveSession(request);
    response.redirect(303, localPath(back));
  }

  /** Takes over the work on a case. */
  @Post('take')
  @PageFor(READERS)
  async take(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.room.enter(request, id, 'case_opened');
    const officer = visitorOf(request);
    await assignCase(officer, id, officer.id, this.room.access);
    request.session.notice = 'case:taken';
    response.redirect(303, hrefOf(id, 'summary'));
  }

  /** Blocks everything that would leave this node about the person, or lets it go again. Why is nobody's business but theirs. */
  @Post('hold')
  @PageFor(READERS)
  async hold(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.room.enter(request, id, 'case_opened');
    const { hold } = request.body as { readonly hold?: unknown };
    await holdCase(visitorOf(request), id, hold === 'yes', this.notes);
    request.session.notice = hold === 'yes' ? 'case:held' : 'case:released';
    response.redirect(303, hrefOf(id, 'summary'));
  }
}
