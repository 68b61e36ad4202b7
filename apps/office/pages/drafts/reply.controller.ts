import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { saveDraft } from '../../../../libs/casework';
import { asTraoError, TraoError } from '../../../../libs/errors';
import { possibleMessages } from '../../../../libs/lifecycle';
import type { MessageType } from '../../../../libs/schema';
import { CaseLists } from '../cases/case-lists';
import { CaseRoom, isOpenCase, type Entered } from '../cases/case-room';
import { PageFor, READERS } from '../shell/page-access';
import { DraftDesk } from './draft-desk';
import { draftIdOf } from './new.controller';
import { roleFor } from './new-document';
import { hrefOfPage } from './plan';
import { replyDocument } from './reply-document';

/** Begins a message of a case, for whoever may write it now. */
@Controller('cases/:id/reply/:type')
export class ReplyController {
  constructor(
    private readonly desk: DraftDesk,
    private readonly lists: CaseLists,
    private readonly room: CaseRoom,
  ) {}

  /**
   * Goes on with the draft where there is one: it begins once for each officer and state of the case, so that the same link, followed
   * twice, makes no second one.
   */
  @Get()
  @PageFor(READERS)
  async begin(
    @Param('id') id: string,
    @Param('type') type: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const entered = await this.enter(request, id);
    // The page of the case asks for the reason; its buttons lead here again.
    if (!entered) return response.redirect(303, `/cases/${id}`);
    const opened = await this.room.guarded(id, () => this.draftFor(request, entered, type));
    const draft = await this.desk.open(request, opened);
    const [first] = draft.sections[0]?.pages ?? [];
    const begun = draft.draft.progress !== undefined;
    response.redirect(303, first && !begun ? hrefOfPage(opened, first) : `/drafts/${opened}`);
  }

  /** @returns undefined where a reason is needed first */
  private async enter(request: Request, id: string): Promise<Entered | undefined> {
    try {
      return await this.room.enter(request, id, 'case_opened');
    } catch (error) {
      if (asTraoError(error).code === 'reason_needed') return undefined;
      throw error;
    }
  }

  private async draftFor(request: Request, { officer, shown }: Entered, type: string): Promise<string> {
    const { shell, reading, ports } = this.desk;
    const id = shown.referralId;
    const { cases } = await this.lists.of(officer.unit).find({ among: [id], offset: 0, limit: 1 });
    const [listed] = cases;
    if (!listed?.state || !isOpenCase(shown)) throw new TraoError('not_found');
    const { state, side } = listed;
    const possible = possibleMessages(state, side).find((one) => one.type === type);
    if (!possible) throw new TraoError('not_found');
    const role = roleFor(officer.roles, possible.roles);
    if (!role) throw new TraoError('forbidden');
    const { name, email } = request.session.who ?? {};
    const author = { officer, name: officer.name ?? name, email };
    const desk = { reading, timeZone: shell.timeZone, now: ports.clock.now() };
    const document = await replyDocument(
      type as MessageType,
      role,
      author,
      { ...listed, state, side, timeline: shown.timeline },
      desk,
    );
    const draftId = draftIdOf(officer, `reply ${id} ${type} ${shown.timeline.length}`);
    try {
      await saveDraft(officer, { document }, { ...ports, newId: () => draftId });
    } catch (error) {
      // It is there, and has answers.
      if (asTraoError(error).code !== 'idempotency_conflict') throw error;
    }
    return draftId;
  }
}
