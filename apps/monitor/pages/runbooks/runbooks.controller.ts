import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { TraoError } from '../../../../libs/errors';
import { ALERT_KINDS, ALERT_TITLES, isAlertKind, type AlertKind } from '../../../../libs/monitoring';
import { levelView } from '../alerts/alert-view';
import { PageFor, WATCHERS } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { readRunbook } from './runbook-files';
import { runbookHtml } from './runbook-html';

/** What to do about each kind of alert. */
@Controller('runbooks')
export class RunbooksController {
  constructor(private readonly shell: Shell) {}

  @Get()
  @PageFor(WATCHERS)
  list(@Req() request: Request, @Res() response: Response): void {
    const t = this.shell.translator(request);
    const language = this.shell.language(request);
    this.shell.show(request, response, 'runbooks/list.njk', {
      title: t('alerts:runbooks.title'),
      runbooks: (Object.keys(ALERT_KINDS) as AlertKind[]).map((kind) => ({
        kind,
        title: ALERT_TITLES[kind][language],
        level: levelView(ALERT_KINDS[kind].level, language),
        ends: t(`alerts:ends.${ALERT_KINDS[kind].ends}`),
      })),
    });
  }

  @Get(':kind')
  @PageFor(WATCHERS)
  async page(@Param('kind') kind: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const text = isAlertKind(kind) ? await readRunbook(kind) : undefined;
    if (text === undefined || !isAlertKind(kind)) throw new TraoError('not_found');
    const language = this.shell.language(request);
    this.shell.show(request, response, 'runbooks/show.njk', {
      title: ALERT_TITLES[kind][language],
      back: '/runbooks',
      kind,
      level: levelView(ALERT_KINDS[kind].level, language),
      html: runbookHtml(text),
    });
  }
}
