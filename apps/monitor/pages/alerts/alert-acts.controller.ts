import { Body, Controller, Inject, Param, ParseUUIDPipe, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { asTraoError, meaningOf, TraoError } from '../../../../libs/errors';
import { SILENCES, silenceUntil, targetsOf, TELL_CHANNELS, type Silence } from '../../../../libs/monitoring';
import { saveSession } from '../../../../libs/sign-in';
import { Database, desk, noteAct } from '../../../../libs/storage';
import { localPath } from '../../../../libs/web';
import { tryTarget } from '../../alert-keeper';
import type { TellWays } from '../../tell-operators';
import { TELL_WAYS } from '../../tokens';
import { ACTORS, operatorOf, PageFor } from '../shell/page-access';
import { Shell } from '../shell/shell';
import { changeAlert } from './change-alert';
import { tellView } from './alert-view';

/** What operators do with alerts, and whether anybody hears of them at all. */
@Controller('alerts')
export class AlertActsController {
  constructor(
    private readonly shell: Shell,
    private readonly database: Database,
    @Inject(TELL_WAYS) private readonly ways: TellWays,
  ) {}

  /** Before the routes with an id. */
  @Post('test/:channel')
  @PageFor(ACTORS)
  async test(@Param('channel') asked: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const channel = TELL_CHANNELS.find((one) => one === asked);
    if (!channel) throw new TraoError('not_found');
    const t = this.shell.translator(request);
    const { language, ...targets } = targetsOf(await desk.settingValues(this.database.query));
    const at = new Date();
    const results = await Promise.all(
      targets[channel].map(async (target) => {
        const parts = { node: this.shell.node, ...this.ways };
        const code = await tryTarget(parts, channel, target, language).then(
          () => undefined,
          (error: unknown) => asTraoError(error).code,
        );
        const seen = { channel, target, event: 'raised', at, attempts: 1, sentAt: code ? null : at, code } as const;
        return { ...tellView(seen, t), meaning: code && meaningOf(code, this.shell.language(request)) };
      }),
    );
    await noteAct(this.database.query, operatorOf(request), 'alert_target_tested', channel, undefined, {
      targets: results.length,
      failed: results.filter(({ code }) => code).length,
    });
    this.shell.show(request, response, 'alerts/test.njk', {
      title: t(`alerts:test.${channel}`),
      back: '/alerts',
      results,
    });
  }

  @Post(':id/acknowledge')
  @PageFor(ACTORS)
  async acknowledge(
    @Param('id', ParseUUIDPipe) id: string,
    @Body('back') back: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const operator = operatorOf(request);
    await changeAlert(this.database, operator, id, { event: 'acknowledged', at: new Date(), by: operator.id });
    await this.done('alerts:done.acknowledged', back, request, response);
  }

  @Post(':id/silence')
  @PageFor(ACTORS)
  async silence(
    @Param('id', ParseUUIDPipe) id: string,
    @Body('for') asked: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const at = new Date();
    const until = asked === 'none' ? undefined : silenceUntil(silenceIn(asked), at, this.shell.timeZone);
    await changeAlert(this.database, operatorOf(request), id, { event: 'silenced', at, until });
    await this.done(until ? 'alerts:done.silenced' : 'alerts:done.heard', `/alerts/${id}`, request, response);
  }

  @Post(':id/resolve')
  @PageFor(ACTORS)
  async resolve(
    @Param('id', ParseUUIDPipe) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await changeAlert(this.database, operatorOf(request), id, { event: 'resolved', at: new Date() });
    await this.done('alerts:done.resolved', `/alerts/${id}`, request, response);
  }

  private async done(notice: string, back: unknown, request: Request, response: Response): Promise<void> {
    request.session.notice = notice;
    await saveSession(request);
    const to = localPath(back);
    response.redirect(303, to === '/' ? '/alerts' : to);
  }
}

function silenceIn(asked: unknown): Silence {
  const silence = SILENCES.find((one) => one === asked);
  if (!silence) throw new TraoError('bad_request');
  return silence;
}
