import { Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { approveDraft, readMessage, send, type SendPorts } from '../../../../libs/casework';
import { asTraoError, TraoError } from '../../../../libs/errors';
import { isFresh, TIME_OUTS } from '../../../../libs/sign-in';
import type { Officer } from '../../clients';
import { SEND_PORTS } from '../../tokens';
import { assertUuid } from '../cases/case-room';
import { PageFor, READERS, visitorOf } from '../shell/page-access';
import { needLines, nextSteps } from './agreement';
import { DraftDesk } from './draft-desk';
import { digestIn } from './task-list.controller';

/** The two acts after which a person's details leave: a second officer agrees, and somebody sends. */
@Controller('drafts/:id')
export class SendController {
  constructor(
    private readonly desk: DraftDesk,
    @Inject(SEND_PORTS) private readonly sending: SendPorts,
  ) {}

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
    assertUuid(id);
    const officer = visitorOf(request);
    const { referralId } = request.body as { readonly referralId?: unknown };
    if (!(await this.isSentAlready(request, id))) {
      const opened = await this.desk.open(request, id);
      if (digestIn(request) !== opened.draft.digest || !nextSteps(opened).maySend) {
        request.session.notice =
          digestIn(request) === opened.draft.digest ? 'drafts:check.notReady' : 'drafts:check.changed';
        return response.redirect(303, `/drafts/${id}/check`);
      }
    }
    const { messageId } = await send(
      {
        unit: officer.unit,
        actor: officer,
        handIn: { draftId: id },
        idempotencyKey: `draft-${id}`,
        clientId: `pages:${officer.unit}`,
      },
      this.sending,
    );
    response.redirect(303, await this.confirmation(officer, messageId, referralId));
  }

  /** A draft that is gone may have been sent a moment ago: the second try is answered like the first. */
  private async isSentAlready(request: Request, id: string): Promise<boolean> {
    try {
      await this.desk.open(request, id);
      return false;
    } catch (error) {
      if (asTraoError(error).code === 'not_found') return true;
      throw error;
    }
  }

  private async confirmation(officer: Officer, messageId: string, referralId: unknown): Promise<string> {
    const known = typeof referralId === 'string' && /^[0-9a-f-]{36}$/.test(referralId) ? referralId : undefined;
    const id = known ?? (await readMessage(officer, messageId, this.desk.reading))?.header.referralId;
    return id === undefined ? '/work' : `/cases/${id}/sent/${messageId}`;
  }
}
