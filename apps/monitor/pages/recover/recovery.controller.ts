import { Controller, Get, Param, ParseUUIDPipe, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { shareBar } from '../../../../libs/charts';
import { TraoError } from '../../../../libs/errors';
import { recovering } from '../../../../libs/monitoring';
import type { Translate } from '../../../../libs/pages';
import { Database, watched } from '../../../../libs/storage';
import { holdsOne } from '../../../../libs/web';
import { stateTag } from '../messages/message-words';
import { done } from '../queues/act-form';
import { ACTORS, operatorOf, PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { outcomesOf, recoveryLine } from './recovery-view';

const ROWS = 100;

/** How a recovery goes on: a page that shows it anew each time that it is loaded. */
@Controller('recover')
export class RecoveryController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
  ) {}

  @Get(':id')
  @PageFor(WATCHERS)
  async page(
    @Param('id', ParseUUIDPipe) id: string,
    @Query('from') from: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const store = watched.recoveries(this.database);
    const recovery = await store.byId(id);
    if (!recovery) throw new TraoError('not_found');
    const t = this.shell.translator(request);
    const outcomes = outcomesOf(await store.counts(id));
    const first = typeof from === 'string' && /^\d{1,6}$/.test(from) ? Number(from) : 0;
    const messages = await store.messages(id, first, ROWS + 1);
    const progress = t('recover:progressText', { ...outcomes, total: recovery.total });
    this.shell.show(request, response, 'recover/show.njk', {
      title: t('recover:one'),
      back: '/recover',
      recovery: recoveryLine(recovery, t),
      state: stateOf(recovery, outcomes, t),
      progress,
      bar: shareBar(
        { id: 'recovery', title: t('recover:progress'), description: progress },
        recovering.OUTCOMES.map((outcome) => ({ name: t(`recover:outcome.${outcome}`), value: outcomes[outcome] })),
      ),
      outcomes: recovering.OUTCOMES.map((outcome) => ({
        text: t(`recover:outcome.${outcome}`),
        count: outcomes[outcome],
      })),
      messages: messages.slice(0, ROWS).map((one) => ({
        ...one,
        former: stateTag(one.formerState, t),
        now: stateTag(one.state, t),
        outcome: t(`recover:outcome.${recovering.outcomeOf(one.state, one.formerState, one.tried)}`),
        waits: one.state === 'queued' || one.state === 'sending',
      })),
      next: messages.length > ROWS ? `/recover/${id}?from=${messages[ROWS]!.ordinal}` : undefined,
      here: `/recover/${id}${first > 0 ? `?from=${first}` : ''}`,
      mayStop: recovery.stoppedAt === null && outcomes.waiting > 0 && holdsOne(operatorOf(request), ACTORS),
    });
  }

  @Post(':id/stop')
  @PageFor(ACTORS)
  async stop(
    @Param('id', ParseUUIDPipe) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await watched.stopRecovery(this.database, operatorOf(request), id);
    await done(request, response, 'recover:notice.stopped', `/recover/${id}`);
  }
}

/** Where a recovery stands, as a tag. */
function stateOf(recovery: watched.Recovery, outcomes: Record<recovering.Outcome, number>, t: Translate) {
  if (recovery.stoppedAt !== null) return { text: t('recover:stopped'), classes: 'govuk-tag--grey' };
  if (outcomes.waiting > 0) return { text: t('recover:open'), classes: 'govuk-tag--yellow' };
  return { text: t('recover:finished'), classes: 'govuk-tag--green' };
}
