import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { approveDraft } from '../../../../libs/casework';
import { TraoError } from '../../../../libs/errors';
import { isFresh, TIME_OUTS } from '../../../../libs/sign-in';
import { PageFor, READERS } from '../shell/page-access';
import { needLines, nextSteps } from './agreement';
import { DraftDesk } from './draft-desk';
import { digestIn } from './task-list.controller';

/** The two acts after which a person's details leave: a second officer agrees, and somebody sends. */
@Controller('drafts/:id')
export class SendController {
  constructor(private readonly desk: DraftDesk) {}

  /** Agrees to exactly the version that was shown. Whoever agrees has proved just before that it is them. */
  @Post('approve')
  @PageFor(READERS)
  async approve(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.open(request, id);
    const { officer, draft } = opened;
    const page = `/drafts/${id}/approve`;
    if (!isFresh(request.session.who!, Date.now(), TIME_OUTS)) {
      return response.redirect(303, `/sign-in/again?back=${encodeURIComponent(page)}`);
    }
    const { kind } = request.body as { readonly kind?: unknown };
    const need = needLines(opened).find((one) => one.kind === kind && one.as !== undefined);
    // An officer for whom there is nothing to agree to: they wrote it, hold no such role, or have agreed already.
    if (!need?.as) throw new TraoError('forbidden');
    if (digestIn(request) !== draft.digest) {
      request.session.notice = 'drafts:check.changed';
      return response.redirect(303, page);
    }
    await approveDraft(
      officer,
      { unit: officer.unit, id, digest: draft.digest },
      { role: need.as, kind: need.kind },
      this.desk.ports,
    );
    request.session.notice = 'drafts:approve.done';
    response.redirect(303, `/drafts/${id}/check`);
  }

  /** Sends once, however often the form comes: a second press, the back button and another tab lead to the same confirmation. */
  @Post('send')
  @PageFor(READERS)
  async send(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const opened = await this.desk.openPage(request, response, id);
    if (!opened) return;
    const { draft, officer, written, type } = opened;
    if (digestIn(request) !== draft.digest || !nextSteps(opened).maySend) {
      request.session.notice = digestIn(request) === draft.digest ? 'drafts:check.notReady' : 'drafts:check.changed';
      return response.redirect(303, `/drafts/${id}/check`);
    }
    // A referral gets its number now, whatever stands in the draft.
    const referralId = type === 'referral' ? undefined : written.document.header['referralId'];
    response.redirect(
      303,
      await this.desk.send(officer, id, draft.digest, typeof referralId === 'string' ? referralId : undefined),
    );
  }
}
